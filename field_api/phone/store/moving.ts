// Drafts on their way between two phones of one inspector: locked here, whole there, and never filled in on both.
import { sha256 } from "../net/keys";
import type { ProblemBody } from "../types";
import { openBytes, sealBytes } from "./cipher";
import { db, type Photo, unsent, type Visit } from "./db";
import { thumbnail } from "./photos";
import { isBegun } from "./pull";

/** A draft as the field API parks it: `visit` is JSON text of the visit and of all that is known of its photos. */
export interface Parcel {
  task_id: string;
  visit: string;
  photos: { id: string; sha256: string; size: number }[];
}

/** What `visit` of a parcel holds. */
interface Packed {
  visit: Visit;
  photos: Omit<Photo, "bytes" | "thumb">[];
}

/** This phone has begun a draft of the same task itself. */
export class DraftHere extends Error {}

/** What came is not what the other phone parked. */
export class Damaged extends Error {}

/** Lock a draft: from now on nothing in it changes, until it is back or elsewhere. Its photos wait with it. */
export function lockDraft(visitId: string): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    await db.visits.update(visitId, { state: "moved", moving: "away", problem: null });
    const released = db.photos.where("id").anyOf(visit.photoIds);
    await released.and((photo) => photo.state === "waiting").modify({ state: "kept" });
  });
}

/** Nobody took it, or this phone holds it now: go on here. A problem says why it did not move. */
export async function unlockDraft(visitId: string, problem: ProblemBody | null = null): Promise<void> {
  await db.visits
    .where("id")
    .equals(visitId)
    .and((visit) => visit.state === "moved")
    .modify((visit) => {
      delete visit.moving;
      if (visit.shared) visit.shared.content = ""; // the team hears of it anew, and its photos go out again
      Object.assign(visit, { state: "draft", problem });
    });
}

/** A locked draft as it is parked: the same text each time, for nothing in it changes. */
export async function parcelOf(visit: Visit): Promise<Parcel> {
  const photos = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
  const { moving: _, ...rest } = visit;
  const packed: Packed = { visit: { ...rest, ...unsent, state: "draft" }, photos: photos.map(described) };
  const whole = photos.filter((photo) => photo.bytes !== null);
  return {
    task_id: visit.taskId,
    visit: JSON.stringify(packed),
    photos: whole.map(({ id, sha256, size }) => ({ id, sha256, size })),
  };
}

function described({ bytes: _, thumb: __, ...known }: Photo): Omit<Photo, "bytes" | "thumb"> {
  return { ...known, ...unsent, uploadUrl: null };
}

/** Another phone holds the draft: what remains here is a mark, so that nobody begins the visit anew. */
export function buryDraft(visitId: string): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "moved") return;
    await db.photos.bulkDelete(visit.photoIds);
    const { moving: _, ...rest } = visit;
    await db.visits.put({ ...rest, state: "taken", answers: {}, formAnswers: {}, photoIds: [], problem: null });
  });
}

/** Fetches the bytes of a photo. */
export type Fetch = (photoId: string) => Promise<Blob>;

/** Take in a parked draft, locked until the server knows that it is here. Raises DraftHere, Damaged. */
export async function keepParcel(parcel: Parcel, fetch: Fetch): Promise<void> {
  const { visit, photos } = JSON.parse(parcel.visit) as Packed;
  await refuseSecond(visit);
  const parked = new Set(parcel.photos.map((photo) => photo.id));
  for (const photo of photos) await keepWhole(photo, parked.has(photo.id) ? fetch : null);
  await db.transaction("rw", db.visits, async () => {
    await refuseSecond(visit);
    const opened = db.visits.where("taskId").equals(visit.taskId);
    await opened.and((other) => other.id !== visit.id && other.state === "draft").delete();
    await db.visits.put({ ...visit, state: "moved", moving: "coming" });
  });
}

/** A draft that was opened but never begun gives way; what somebody filled in does not. */
async function refuseSecond({ id, taskId }: Visit): Promise<void> {
  const others = await db.visits.where("taskId").equals(taskId).toArray();
  const open = new Set<Visit["state"]>(["sealed", "refused", "moved"]);
  const inTheWay = others.filter(
    (one) => one.id !== id && (open.has(one.state) || (one.state === "draft" && isBegun(one))),
  );
  if (inTheWay.length) throw new DraftHere(taskId);
}

/** One after the other, so that a broken connection need not begin again, and few of them are in memory. */
async function keepWhole(photo: Packed["photos"][number], fetch: Fetch | null): Promise<void> {
  if ((await db.photos.get(photo.id))?.bytes) return;
  if (!fetch) return void (await db.photos.put({ ...photo, bytes: null, thumb: null }));
  const plain = new Blob([await (await fetch(photo.id)).arrayBuffer()], { type: photo.type });
  if ((await sha256(await plain.arrayBuffer())) !== photo.sha256) throw new Damaged(photo.id);
  const thumb = photo.type.startsWith("image/") ? await thumbnail(plain) : null;
  const [bytes, small] = await Promise.all([sealBytes(plain), thumb && sealBytes(thumb)]);
  await db.photos.put({ ...photo, bytes, thumb: small });
}

/** The untouched bytes of a photo that is kept here. */
export async function plainBytes(photoId: string): Promise<Blob> {
  const photo = await db.photos.get(photoId);
  return photo?.bytes ? openBytes(photo.bytes) : new Blob();
}
