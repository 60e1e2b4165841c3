// The form as screens use it: open it on answers, answer, and look at what is visible, wrong and done.
import { ANSWERED } from "./answers";
import { type Circumstances, Filled } from "./model";
import type { Answer, Answers, Choice, Fault, Form, Node, Shown } from "./types";
import { Day, toText, type Value } from "./values";

type Instance = number | null;
type Language = "zh" | "en";

export interface Progress {
  asked: number;
  answered: number;
}

/** Open a form on a draft's answers; the answers given are not changed, `raw()` gives the new ones. */
export function open(form: Form, answers: Answers, circumstances: Circumstances): Model {
  return new Model(form, structuredCopy(answers), circumstances);
}

/** The name of the question of a check item. */
export function itemName(form: Form, no: number): string | undefined {
  return everyNode(form.nodes).find((node) => node.item?.no === no)?.name;
}

export class Model {
  private filled: Filled;

  constructor(
    private readonly form: Form,
    private readonly given: Answers,
    private readonly circumstances: Circumstances,
  ) {
    this.filled = new Filled(form, given, circumstances);
  }

  /** Answer a question (`name`, or `repeat/0/name`); null clears. Unknown paths change nothing. */
  answer(path: string, value: Answer): void {
    const [place, name] = this.placeOf(path);
    if (!place) return;
    if (value === null) delete place[name];
    else place[name] = value;
    this.settle();
  }

  /** Add an empty instance to a repeat. */
  add(repeat: string): void {
    if (this.filled.spots.get(repeat)?.node.kind !== "repeat") return;
    this.given[repeat] = [...this.instancesOf(repeat), {}];
    this.settle();
  }

  /** Remove an instance of a repeat with its answers. */
  remove(repeat: string, index: number): void {
    this.given[repeat] = this.instancesOf(repeat).filter((_, at) => at !== index);
    this.settle();
  }

  /** What is relevant now, as a tree. */
  visible(): Shown[] {
    return this.shown(this.form.nodes, null);
  }

  faults(): Fault[] {
    return this.filled.faults();
  }

  /** Relevant questions that take an answer, and how many have one. */
  progress(): Progress {
    const asked = this.questions();
    return { asked: asked.length, answered: asked.filter(([name, at]) => this.filled.answered(name, at)).length };
  }

  /** A question's value, calculated ones too; null where it is not relevant or not answered. */
  value(path: string): Answer {
    const [name, instance] = parted(path);
    const spot = this.filled.spots.get(name);
    return spot ? told(spot.node, this.filled.value(name, instance)) : null;
  }

  /** The answers to submit: of relevant questions only, and calculated values. */
  answers(): Answers {
    const kept: Answers = {};
    for (const [name, { node, repeat }] of this.filled.spots) {
      if (node.kind === "repeat") {
        const rows = this.filled.isRelevant(name, null) ? this.filled.allValues(name).map(() => ({})) : [];
        if (rows.length) kept[name] = rows;
      } else if (repeat === null) this.keep(kept, name, null);
      else for (const [at, row] of ((kept[repeat] ?? []) as Answers[]).entries()) this.keep(row, name, at);
    }
    return kept;
  }

  /** A list of choices, whatever the filters leave open. */
  choicesOf(list: string): Choice[] {
    return this.form.choices[list] ?? [];
  }

  /** All answers as they stand, for the draft. */
  raw(): Answers {
    return structuredCopy(this.given);
  }

  /** Words with the answers that they show as ${name}. */
  say(words: Partial<Record<Language, string>> | undefined, language: Language, path = ""): string {
    const [, instance] = parted(path);
    return (words?.[language] ?? "").replace(/\$\{\s*([^}]*?)\s*\}/g, (_all, name: string) =>
      this.filled.spots.has(name) ? toText(this.filled.value(name, instance)) : "",
    );
  }

  private keep(into: Answers, name: string, instance: Instance): void {
    const spot = this.filled.spots.get(name);
    const value = spot ? told(spot.node, this.filled.value(name, instance)) : null;
    if (value !== null) into[name] = value;
  }

  private settle(): void {
    this.filled = new Filled(this.form, this.given, this.circumstances);
  }

  private placeOf(path: string): [Answers | undefined, string] {
    const [name, instance] = parted(path);
    const spot = this.filled.spots.get(name);
    if (!spot || !ANSWERED.has(spot.node.kind) || path !== this.filled.path(name, instance)) return [undefined, name];
    return [spot.repeat === null ? this.given : this.instancesOf(spot.repeat)[instance ?? -1], name];
  }

  private instancesOf(repeat: string): Answers[] {
    const given = this.given[repeat];
    return Array.isArray(given) ? (given as Answers[]) : [];
  }

  private questions(): [string, Instance][] {
    return [...this.filled.spots]
      .filter(([, { node }]) => ANSWERED.has(node.kind))
      .flatMap(([name]) => this.filled.instances(name).map((at): [string, Instance] => [name, at]))
      .filter(([name, at]) => this.filled.isRelevant(name, at));
  }

  private shown(nodes: readonly Node[], instance: Instance): Shown[] {
    return nodes
      .filter((node) => node.kind !== "calculate" && this.filled.isRelevant(node.name, instance))
      .map((node) => this.show(node, instance));
  }

  private show(node: Node, instance: Instance): Shown {
    const { name, kind } = node;
    const path = this.filled.path(name, instance);
    return {
      path,
      node,
      value: told(node, this.filled.value(name, instance)),
      required: this.filled.required(name, instance),
      choices: node.list ? this.filled.choices(name, instance) : [],
      faults: this.filled.faultsAt(name, instance),
      children: kind === "repeat" ? this.rows(node) : this.shown(node.children ?? [], instance),
    };
  }

  private rows(node: Node): Shown[] {
    return this.filled.allValues(node.name).map((_, at) => ({
      path: `${node.name}/${at}`,
      node,
      value: null,
      required: false,
      choices: [],
      faults: [],
      children: this.shown(node.children ?? [], at),
    }));
  }
}

function parted(path: string): [string, Instance] {
  const [first = "", index, name] = path.split("/");
  return name === undefined ? [first, index === undefined ? null : Number(index)] : [name, Number(index)];
}

/** A value as answers are kept: several choices as a list, days and truths as texts. */
function told(node: Node, value: Value): Answer {
  if (value === "") return null;
  if (typeof value === "number") return value;
  if (node.kind === "select_multiple") return toText(value).split(" ");
  return value instanceof Day || typeof value === "boolean" ? toText(value) : value;
}

function everyNode(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...everyNode(node.children ?? [])]);
}

/** A copy by JSON: structuredClone is newer than the oldest browser served. */
function structuredCopy(answers: Answers): Answers {
  return JSON.parse(JSON.stringify(answers)) as Answers;
}
