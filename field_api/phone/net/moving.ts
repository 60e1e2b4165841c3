// Moving drafts between phones of one inspector: parked whole, taken once; goes on where a connection broke.
import { verdict } from "../rules/queue";
import { db, type Visit } from "../store/db";
import { buryDraft, keepParcel, lockDraft, parcelOf, plainBytes, unlockDraft } from "../store/moving";
import { ServerProblem } from "./api";
import { getDraft, getDraftPhoto, getDrafts, postTaken, putDraft, putDraftPhoto } from "./doors";
import { fetchChecklists } from "./tasks";

const LOCK = "fieldlot-moving";

/** Let another phone take a draft. Nothing is locked before the server has answered. Raises ServerProblem, NoAnswer. */
export async function moveAway(visitId: string): Promise<void> {
  await getDrafts();
  await lockDraft(visitId);
  await alone(() => tend(visitId));
}

/** Bring what is locked further: parked whole, noticed as taken, or confirmed as here. Raises NoAnswer. */
export async function tendMoves(): Promise<void> {
  const locked = await db.visits.where("state").equals("moved").primaryKeys();
  if (locked.length) await alone(() => tendAll(locked));
}

/** Fetch a parked draft of another phone onto this one. Raises ServerProblem, NoAnswer, DraftHere, Damaged. */
export function bringHere(visitId: string): Promise<void> {
  return alone(async () => {
    const parcel = await getDraft(visitId);
    await keepParcel(parcel, (photoId) => getDraftPhoto(visitId, photoId));
    await needChecklist(visitId);
    await confirm(visitId);
  });
}

/** Go on with a draft that nobody has taken yet. Raises ServerProblem, NoAnswer. */
export function fetchBack(visitId: string): Promise<void> {
  return alone(() => confirm(visitId));
}

/** One move at a time, in whichever tab. */
function alone(deed: () => Promise<void>): Promise<void> {
  return navigator.locks.request(LOCK, deed) as Promise<void>;
}

async function tendAll(visitIds: readonly string[]): Promise<void> {
  const parked = await getDrafts();
  const waits = (id: string) => parked.some((one) => one.visit_id === id && one.here && !one.missing.length);
  for (const id of visitIds.filter((one) => !waits(one))) await tend(id);
}

async function tend(visitId: string): Promise<void> {
  const visit = await db.visits.get(visitId);
  if (visit?.state !== "moved") return;
  await (visit.moving === "coming" ? confirm(visitId) : park(visit)).catch((error) => turnedDown(visitId, error));
}

async function park(visit: Visit): Promise<void> {
  const { missing } = await putDraft(visit.id, await parcelOf(visit));
  for (const photoId of missing) await putDraftPhoto(visit.id, photoId, await plainBytes(photoId));
}

/** Say that this phone holds the draft: only then may it be changed here. */
async function confirm(visitId: string): Promise<void> {
  await postTaken(visitId).catch((error) => {
    if (codeOf(error) === "draft-moved") return buryDraft(visitId).then(() => Promise.reject(error));
    if (codeOf(error) !== "not-found") throw error; // never parked, or it waited too long: it is here alone
  });
  await unlockDraft(visitId);
}

/** What follows when the server does not take a draft: another phone has it, or it stays here and says why. */
async function turnedDown(visitId: string, error: unknown): Promise<void> {
  if (!(error instanceof ServerProblem)) throw error;
  const { code, status } = error.body;
  if (code === "draft-moved") return buryDraft(visitId);
  if (verdict({ kind: "problem", code, status }).do === "ask_person") await unlockDraft(visitId, error.body);
}

function codeOf(error: unknown): string {
  return error instanceof ServerProblem ? error.body.code : "";
}

/** A draft is judged by the checklist that it was filled with, which this phone may never have seen. */
async function needChecklist(visitId: string): Promise<void> {
  const id = (await db.visits.get(visitId))?.checklistId;
  if (id) await fetchChecklists([id]);
}
