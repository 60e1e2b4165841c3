// Speaking with the field API: every request signed, problems as errors, the server's clock noted.
import type { MapPack } from "../map/pack";
import type { Colleague } from "../rules/shares";
import { fact, forgetFact, keepFact, type Token } from "../store/facts";
import { unmarkEnrolled } from "../store/room";
import type { Checklist, Person, ProblemBody } from "../types";
import { language } from "../words";
import { identity, publicKey, sign } from "./keys";
import { proof } from "./proof";

export const BASE = "/field/v1";
const PATIENCE_MS = 30_000;
/** A token is renewed this long before it ends, so that it does not run out under way. */
const MARGIN_MS = 60_000;

/** The server said no, and why, in both languages. */
export class ServerProblem extends Error {
  constructor(readonly body: ProblemBody) {
    super(body.code);
  }
}

/** No answer came: no network, or the server is down. */
export class NoAnswer extends Error {}

interface Asked {
  method?: string;
  /** JSON as text, or a piece's bytes as they are. */
  body?: string | Blob | undefined;
  token?: string;
  /** The answer is bytes, not JSON. */
  raw?: boolean;
  /** How many milliseconds to wait for an answer. */
  patience?: number;
}

/** Ask once. Raises ServerProblem for an answer that is a refusal, NoAnswer for none. */
async function ask<T>(path: string, { method = "GET", body, token, raw = false, patience }: Asked): Promise<T> {
  const headers: Record<string, string> = { "Accept-Language": language(), Accept: "application/json" };
  if (body !== undefined)
    headers["Content-Type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
  if (token) Object.assign(headers, await signed(path, method, token, body));
  const response = await answer(path, { method, headers, ...(body === undefined ? {} : { body }) }, patience);
  if (raw && response.ok) return (await bytesOf(response)) as T;
  const said = await response.json().catch(() => null);
  if (!response.ok) throw new ServerProblem(asProblem(said, response));
  if (said === null) throw new NoAnswer(`${path}: no JSON`);
  return said as T;
}

function bytesOf(response: Response): Promise<Blob> {
  return response.blob().catch((error) => {
    throw new NoAnswer(String(error)); // cut off on the way
  });
}

/** The server's newest number to sign; any answer brings one. */
let nonce = "";

async function signed(
  path: string,
  method: string,
  token: string,
  sent?: string | Blob,
): Promise<Record<string, string>> {
  const { keys } = await identity();
  const url = location.origin + BASE + (path.split("?")[0] ?? "");
  const body = sent === undefined ? undefined : await new Blob([sent]).arrayBuffer();
  return { Authorization: `DPoP ${token}`, DPoP: await proof({ keys, method, url, nonce, token, body }) };
}

async function answer(path: string, init: RequestInit, patience = PATIENCE_MS): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(BASE + path, { ...init, signal: stop.signal, cache: "no-store" });
    nonce = response.headers.get("DPoP-Nonce") ?? nonce;
    return response;
  } catch (error) {
    throw new NoAnswer(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** A problem body; an answer of something in between (a proxy, a captive portal) becomes one too. */
export function asProblem(said: unknown, response: { status: number; statusText: string }): ProblemBody {
  if (said && typeof said === "object" && "code" in said && "zh" in said) return said as ProblemBody;
  const { status, statusText } = response;
  const zh = { title: "服务器没有正常应答", detail: `HTTP ${status} ${statusText}` };
  const en = { title: "The server did not answer properly", detail: zh.detail };
  return { code: `http-${status}`, status, ...zh, zh, en };
}

/** A token that is good now; asks for a new one, by signing the server's nonce, when there is none. */
export async function freshToken(): Promise<string> {
  const known = await fact("token");
  const now = Date.now() - ((await fact("clockOffsetMs")) ?? 0);
  if (known && Date.parse(known.expiresAt) - MARGIN_MS > now) return known.token;
  const { deviceId: device_id, keys } = await identity();
  const { nonce } = await post<{ nonce: string }>("/nonce", { device_id }).catch((error) => {
    throw unknownHere(error);
  });
  const signature = await sign(keys, `fieldlot-token:${device_id}:${nonce}`);
  const made = await post<{ token: string; expires_at: string; server_time: string }>("/token", {
    device_id,
    nonce,
    signature,
  });
  await noteServerTime(made.server_time);
  const token: Token = { token: made.token, expiresAt: made.expires_at };
  await keepFact("token", token);
  return token.token;
}

/** A server that never heard of this phone will not take its work, however often it is asked. */
function unknownHere(error: unknown): unknown {
  const unknown = error instanceof ServerProblem && error.body.status === 404;
  return unknown ? new ServerProblem({ ...error.body, code: "device-unknown" }) : error;
}

function post<T>(path: string, body: object): Promise<T> {
  return ask<T>(path, { method: "POST", body: JSON.stringify(body) });
}

/** After these the same request is signed anew and asked once more. */
const AGAIN = ["stale-token", "use-dpop-nonce", "replayed-request"];
const TRIES = 3;

/** Ask as this phone; a stale token or nonce is renewed, a revoked phone is noted. Raises ServerProblem, NoAnswer. */
export async function asPhone<T>(path: string, asked: Asked = {}): Promise<T> {
  try {
    return await withToken<T>(path, asked);
  } catch (error) {
    throw await noted(error);
  }
}

async function withToken<T>(path: string, asked: Asked, tries = TRIES): Promise<T> {
  try {
    return await ask<T>(path, { ...asked, token: await freshToken() });
  } catch (error) {
    const code = error instanceof ServerProblem ? error.body.code : "";
    if (tries <= 1 || !AGAIN.includes(code)) throw error;
    if (code === "stale-token") await forgetFact("token");
    return withToken<T>(path, asked, tries - 1);
  }
}

async function noted(error: unknown): Promise<unknown> {
  const code = error instanceof ServerProblem ? error.body.code : "";
  if (code === "device-revoked") await keepFact("revoked", true);
  if (code === "device-unknown") await keepFact("unknown", true);
  return error;
}

export async function noteServerTime(serverTime: string): Promise<void> {
  const offset = Math.round(Date.now() - Date.parse(serverTime));
  if (Number.isFinite(offset)) await keepFact("clockOffsetMs", offset);
}

/** Enrol this phone with a code that an administrator shows; the same code again, after a lost answer, is fine. */
export async function enrol(code: string, name: string): Promise<Person> {
  const { deviceId: id, keys } = await identity();
  const device = { id, name, public_key: await publicKey(keys) };
  const answer = await post<{ person: Person; server_time: string }>("/enrol", { code, device });
  await noteServerTime(answer.server_time);
  await keepFact("person", answer.person);
  return answer.person;
}

/** Give up this phone's old identity, so that it can be enrolled anew; unsent work stays. */
export async function forgetEnrolment(): Promise<void> {
  unmarkEnrolled();
  for (const key of ["identity", "person", "token", "revoked", "unknown", "pulled"] as const) await forgetFact(key);
}

export function getChecklist(id: string): Promise<Checklist> {
  return asPhone<Checklist>(`/checklists/${id}`);
}

/** The map of a tour of my teams, to be carried. */
export function getMap(tourId: string): Promise<MapPack> {
  return asPhone<MapPack>(`/tours/${tourId}/map`);
}

/** What the other officers of a task found so far. */
export function getShares(taskId: string): Promise<{ shares: Colleague[] }> {
  return asPhone(`/tasks/${taskId}/shares`);
}

/** Leave to upload one file by tus. */
export function postTicket(file: {
  evidence_id: string;
  task_id: string;
  sha256: string;
  size: number;
}): Promise<{ ticket: string; expires_at: string }> {
  return asPhone("/tickets", { method: "POST", body: JSON.stringify(file) });
}
