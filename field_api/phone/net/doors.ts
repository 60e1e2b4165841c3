// Doors of the field API by which work comes and goes: changes, operations, drafts that move, the phone's log.
import type { LogEntry } from "../store/log";
import type { Parcel } from "../store/moving";
import type { ProblemBody, Task } from "../types";
import { asPhone, noteServerTime } from "./api";

/** What changed since a token: when `fresh`, `tasks` are all; tasks not in `visible` are to be dropped. */
export interface Changes {
  token: string;
  fresh: boolean;
  tasks: Task[];
  visible: string[];
  server_time: string;
}

/** Pull what changed since a token; without one everything. */
export async function getChanges(since?: string): Promise<Changes> {
  const changes = await asPhone<Changes>(`/changes${since ? `?since=${encodeURIComponent(since)}` : ""}`);
  await noteServerTime(changes.server_time);
  return changes;
}

/** A deed as the field API takes it; `body` is the exact JSON text that its single door takes. */
export interface Operation {
  id: string;
  kind: "arrival" | "submission" | "share";
  task_id: string | null;
  body: string;
}

/** How one operation went; `again` says whether the same bytes may go through later. */
export interface Result {
  id: string;
  status: "applied" | "already-applied" | "conflict" | "refused";
  again: boolean;
  problem: ProblemBody | null;
  answer: unknown;
}

/** Send up to 50 operations. Raises ServerProblem, NoAnswer; then none of them was applied, as far as one knows. */
export async function postOperations(operations: readonly Operation[]): Promise<Result[]> {
  const body = JSON.stringify({ operations });
  const { results, server_time } = await asPhone<{ results: Result[]; server_time: string }>("/operations", {
    method: "POST",
    body,
  });
  await noteServerTime(server_time);
  return results;
}

/** Hand over the phone's log, at most 200 lines. */
export function postLog(entries: readonly LogEntry[]): Promise<object> {
  return asPhone("/device-log", { method: "POST", body: JSON.stringify({ entries }) });
}

/** A draft that waits to be taken: `missing` photos have not come yet, `here` says that this phone parked it. */
export interface Parked {
  visit_id: string;
  task_id: string;
  parked_at: string;
  photos: Parcel["photos"];
  missing: string[];
  here: boolean;
}

/** A photo may take long where the signal is weak. */
const PHOTO_PATIENCE_MS = 300_000;

/** The drafts of this phone's inspector that wait to be taken. */
export async function getDrafts(): Promise<Parked[]> {
  return (await asPhone<{ drafts: Parked[] }>("/drafts")).drafts;
}

/** A parked draft with its contents. */
export function getDraft(visitId: string): Promise<Parked & Parcel> {
  return asPhone(`/drafts/${visitId}`);
}

/** Park a draft; `missing` of the answer names the photos that are to follow. */
export function putDraft(visitId: string, parcel: Parcel): Promise<Parked> {
  return asPhone(`/drafts/${visitId}`, { method: "PUT", body: JSON.stringify(parcel) });
}

export function putDraftPhoto(visitId: string, photoId: string, body: Blob): Promise<object> {
  return asPhone(`/drafts/${visitId}/photos/${photoId}`, { method: "PUT", body, patience: PHOTO_PATIENCE_MS });
}

export function getDraftPhoto(visitId: string, photoId: string): Promise<Blob> {
  return asPhone(`/drafts/${visitId}/photos/${photoId}`, { raw: true, patience: PHOTO_PATIENCE_MS });
}

/** Say that this phone holds the whole draft; what was parked is removed. */
export function postTaken(visitId: string): Promise<object> {
  return asPhone(`/drafts/${visitId}/taken`, { method: "POST" });
}

/** The server's key to which this phone wraps its data key a second time. */
export async function getEscrowKey(): Promise<JsonWebKey> {
  return (await asPhone<{ key: JsonWebKey }>("/key-share")).key;
}

/** The second wrapping's secret (base64url), for a code shown to this phone's person; the code is used up. */
export async function postKeyShare(code: string, ephemeral: JsonWebKey): Promise<string> {
  const body = JSON.stringify({ code, ephemeral });
  return (await asPhone<{ secret: string }>("/key-share", { method: "POST", body })).secret;
}
