// A revoked phone leaves: what the server does not have goes into quarantine, then everything local is wiped.
import { fact, forgetFact, keepFact } from "../store/facts";
import { bytesOf, type Handed, handedOver, noteHanded, unsentWork } from "../store/handover";
import { wipe } from "../store/wipe";
import type { ProblemBody } from "../types";
import { asProblem, BASE, NoAnswer, ServerProblem } from "./api";
import { identity } from "./keys";
import { proof } from "./proof";

const LOCK = "fieldlot-leave";
const PATIENCE_MS = 120_000;
/** Other tabs hear by this that there is nothing left to show. */
const CHANNEL = "fieldlot-emptied";

let nonce = "";

/** Hand over and wipe, if this phone was revoked; goes on where it was cut off. Returns what hinders, or null. */
export async function leave(): Promise<ProblemBody | null> {
  if (!(await fact("revoked"))) return null;
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return null;
    return handOver().then(
      () => null,
      (error) => hindrance(error),
    );
  });
}

async function handOver(): Promise<void> {
  const pieces = await unsentWork();
  const done = await handedOver();
  for (const piece of pieces.filter(({ id }) => !done.has(id))) await handOne(piece);
  const body = new TextEncoder().encode(JSON.stringify({ count: pieces.length })).buffer;
  const { wipe: may } = await ask<{ wipe: boolean }>("POST", "/quarantine/done", body, "application/json");
  if (!may) throw new NoAnswer("done, but not to be wiped");
  await wipe(new Date());
  new BroadcastChannel(CHANNEL).postMessage("emptied");
  location.reload();
}

async function handOne(piece: Handed): Promise<void> {
  await ask("PUT", `/quarantine/${piece.kind}/${piece.id}`, await bytesOf(piece), "application/octet-stream");
  await noteHanded(piece.id);
}

/** What follows when handing over fails. Nothing is ever wiped then. */
async function hindrance(error: unknown): Promise<ProblemBody | null> {
  if (error instanceof NoAnswer) return null; // no network: the next turn goes on
  if (!(error instanceof ServerProblem)) throw error;
  const { code } = error.body;
  if (code === "device-not-revoked") await readmitted();
  if (code === "device-unknown") await keepFact("unknown", true).then(readmitted);
  if (code === "quarantine-incomplete") await forgetFact("handed"); // all is told again: what is there is there
  return error.body;
}

/** Not revoked after all: work goes on. */
async function readmitted(): Promise<void> {
  for (const key of ["handed", "revoked", "token"] as const) await forgetFact(key);
}

/** Ask with the phone's key alone; a stale nonce is renewed once. */
async function ask<T>(method: string, path: string, body: ArrayBuffer, type: string): Promise<T> {
  const first = await signed(method, path, body, type);
  const again = first.status === 401 && (await codeOf(first)) === "use-dpop-nonce";
  const response = again ? await signed(method, path, body, type) : first;
  const said = await response.json().catch(() => null);
  if (!response.ok) throw new ServerProblem(asProblem(said, response));
  return said as T;
}

async function codeOf(response: Response): Promise<string> {
  const said = (await response
    .clone()
    .json()
    .catch(() => null)) as { code?: string } | null;
  return said?.code ?? "";
}

async function signed(method: string, path: string, body: ArrayBuffer, type: string): Promise<Response> {
  const { keys } = await identity();
  const DPoP = await proof({ keys, method, url: `${location.origin}${BASE}${path}`, nonce, body });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const headers = { DPoP, "Content-Type": type };
    const response = await fetch(BASE + path, { method, headers, body, signal: stop.signal, cache: "no-store" });
    nonce = response.headers.get("DPoP-Nonce") ?? nonce;
    return response;
  } catch (error) {
    throw new NoAnswer(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Load anew when another tab has emptied the phone. */
export function followOthers(): void {
  new BroadcastChannel(CHANNEL).addEventListener("message", () => location.reload());
}
