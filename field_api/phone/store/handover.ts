// What a revoked phone hands over before it is emptied: every piece that the server does not have, as it lies here.
import { checkInBody } from "./arrivals";
import { openBytes } from "./cipher";
import { type Arrival, db, type Photo, type Visit } from "./db";
import { fact, keepFact } from "./facts";

/** A piece of work by kind and id; its bytes are read when its turn comes, for photos are many and large. */
export interface Handed {
  kind: "visit" | "photo" | "arrival";
  id: string;
}

/** All that has not arrived: drafts and sealed records, their photos, arrivals. The order is that of sending. */
export async function unsentWork(): Promise<Handed[]> {
  const visits = await db.visits.where("state").noneOf(["received", "taken"]).primaryKeys();
  const arrivals = await db.arrivals.where("state").notEqual("sent").primaryKeys();
  const photos = await db.photos.where("state").notEqual("sent").toArray();
  const whole = photos.filter((photo) => photo.bytes !== null);
  return [
    ...visits.map((id): Handed => ({ kind: "visit", id })),
    ...arrivals.map((id): Handed => ({ kind: "arrival", id })),
    ...whole.map(({ id }): Handed => ({ kind: "photo", id })),
  ];
}

/** A piece's bytes: a photo's own, of all else JSON; a visit's with what is known of its photos. */
export async function bytesOf({ kind, id }: Handed): Promise<ArrayBuffer> {
  if (kind === "photo") return photoBytes(await one(db.photos.get(id)));
  if (kind === "arrival") return json(asSent(await one(db.arrivals.get(id))));
  const visit = await one(db.visits.get(id));
  const photos = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
  return json({ visit, photos: photos.map(described) } satisfies { visit: Visit; photos: object[] });
}

async function photoBytes({ bytes }: Photo): Promise<ArrayBuffer> {
  return bytes ? (await openBytes(bytes)).arrayBuffer() : new ArrayBuffer(0);
}

async function one<T>(row: Promise<T | undefined> | PromiseLike<T | undefined>): Promise<T> {
  const found = await row;
  if (!found) throw new Error("gone while it was handed over"); // the next turn counts anew
  return found;
}

function asSent(arrival: Arrival): object {
  return { taskId: arrival.taskId, ...checkInBody(arrival) };
}

function described({ bytes, thumb, ...known }: Photo): object {
  return known;
}

function json(value: object): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(value)).buffer;
}

/** What was handed over already, so that a broken connection goes on where it ended. */
export async function handedOver(): Promise<Set<string>> {
  return new Set((await fact("handed")) ?? []);
}

export async function noteHanded(id: string): Promise<void> {
  await db.transaction("rw", db.facts, async () => keepFact("handed", [...(await handedOver()), id]));
}
