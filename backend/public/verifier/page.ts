// The verifier's page: takes a bundle from the site or from a file, and lists each check with its sentence.
import type { Told } from "./checks";
import { type Facts, type Language, words } from "./words";
import type { Message } from "./work";

const BADGES = { pass: "badge-ok", fail: "badge-error", none: "badge-info" } as const;

/** Draws the verifier into an element; `worker` makes a fresh worker for each bundle. */
export class Page {
  readonly #at: HTMLElement;
  readonly #makeWorker: () => Worker;
  readonly #language: Language;
  #worker: Worker | null = null;

  constructor(at: HTMLElement, makeWorker: () => Worker) {
    this.#at = at;
    this.#makeWorker = makeWorker;
    this.#language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
    this.#at.append(...this.#controls(at.dataset), made("div", { id: "verdict", "aria-live": "polite" }));
  }

  #say(key: string, facts?: Facts): string {
    return words(this.#language, key, facts);
  }

  #controls({ lot, url }: DOMStringMap): HTMLElement[] {
    const input = made("input", { type: "file", id: "bundle", accept: ".json,application/json" }) as HTMLInputElement;
    input.addEventListener("change", () => void this.#readFile(input));
    const field = made("div", { class: "field" }, made("label", { for: "bundle" }, this.#say("file")), input);
    if (!lot || !url) return [field];
    const button = made("button", { class: "button button-primary", type: "button" }, this.#say("here", { lot }));
    button.addEventListener("click", () => void this.#fetch(url));
    return [made("p", {}, button), field];
  }

  async #readFile(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    try {
      this.#check(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    } catch (error) {
      this.#start();
      this.#unread("unread", error instanceof Error ? error.message : String(error));
    }
    input.value = "";
  }

  async #fetch(url: string): Promise<void> {
    this.#start();
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      this.#check(await answer.text());
    } catch (error) {
      this.#unread("unfetched", error instanceof Error ? error.message : String(error));
    }
  }

  /** Clears the last verdict and shows that something goes on. */
  #start(): HTMLElement {
    this.#worker?.terminate();
    const bar = made("div", { class: "progress", role: "progressbar" }, made("span", { style: "width:0%" }));
    const list = made("ol", { class: "timeline", id: "checks" });
    const place = part("#verdict");
    place.removeAttribute("data-verdict");
    place.replaceChildren(made("p", { id: "now", class: "muted" }, this.#say("loading")), bar, list);
    return place;
  }

  #check(text: string): void {
    this.#start();
    this.#worker = this.#makeWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    this.#worker.onerror = (event) => this.#unread("unread", event.message);
    this.#worker.postMessage(text);
  }

  #hear(message: Message): void {
    if (message.kind === "progress") this.#progress(message.check, message.share);
    else if (message.kind === "told") part("#checks").append(this.#row(message.told));
    else if (message.kind === "unread") this.#unread("unread", message.why);
    else this.#end(message);
  }

  #progress(check: string, share: number): void {
    const sentence = this.#say(check).split(/[：:]/)[0] ?? "";
    part("#now").textContent = this.#say("working", { check: sentence });
    part("#verdict .progress > span").style.width = `${Math.round(share * 100)}%`;
  }

  #row({ check, state, facts, why }: Told): HTMLElement {
    const badge = made("span", { class: `badge ${BADGES[state]}` }, this.#say(state));
    const body = made("div", {}, badge, ` ${this.#say(check, facts)}`);
    if (why) body.append(made("p", { class: "mono small" }, this.#say("why", { why })));
    return made("li", { "data-check": check, "data-state": state, class: state === "fail" ? "" : "is-done" }, body);
  }

  #end({ passed, seconds, head }: Extract<Message, { kind: "end" }>): void {
    const told = made("div", { class: `notice notice-${passed ? "ok" : "error"}` });
    told.append(made("strong", {}, this.#say(passed ? "passed" : "failed")));
    told.append(made("p", { class: "small" }, this.#say("took", { seconds: seconds.toFixed(1) })));
    if (head) told.append(made("p", { class: "small mono" }, this.#say("head", { size: head.size, root: head.root })));
    this.#close(told, passed ? "pass" : "fail");
  }

  #unread(key: string, why: string): void {
    this.#close(made("div", { class: "notice notice-error" }, made("strong", {}, this.#say(key, { why }))), "unread");
  }

  #close(told: HTMLElement, verdict: string): void {
    part("#verdict .progress").remove();
    part("#now").replaceWith(told);
    part("#verdict").dataset.verdict = verdict;
    this.#worker?.terminate();
  }
}

/** An element with its attributes and children. */
function made(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function part(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
