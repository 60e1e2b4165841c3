// Signatures of a draft: drawn ones are kept like photos, others are a name confirmed; each knows what was signed.
import { newId, sha256 } from "../net/keys";
import { type Content, contentMark, signedMark } from "../rules/signing";
import { isoLocal } from "../rules/today";
import { sealBytes } from "./cipher";
import { db, type Fix, type Photo, type Signing, unsent, type Visit } from "./db";
import { clockOffset } from "./facts";

function contentOf(visit: Visit, photos: readonly Photo[]): Content {
  const { answers, formAnswers, resultCode } = visit;
  return { answers, formAnswers, resultCode, photos: photos.filter((one) => !one.purpose).map((one) => one.id) };
}

/** The mark of the record as it would be read out now. */
export function readNow(visit: Visit, photos: readonly Photo[]): string {
  return contentMark(contentOf(visit, photos));
}

/** The mark of the record as it would be signed now. */
export function signedNow(visit: Visit, photos: readonly Photo[]): string {
  return signedMark(contentOf(visit, photos), visit.comment);
}

/** Keep a drawn signature in place of the signer's former one. Raises DOMException when storage is full. */
export async function keepDrawn(visitId: string, who: string, png: Blob, fix: Fix | null): Promise<void> {
  const digest = await sha256(await png.arrayBuffer());
  const [bytes, clockOffsetMs] = await Promise.all([sealBytes(png), clockOffset()]);
  await replace(visitId, who, (visit, photos) => {
    const seq = 1 + Math.max(0, ...photos.map((photo) => photo.seq));
    const id = newId();
    const facts = { id, taskId: visit.taskId, size: png.size, sha256: digest, clockOffsetMs, fix, seq };
    return { ...unsent, ...facts, ...DRAWN, name: `signature-${who}.png`, bytes, takenAt: isoLocal(new Date()) };
  });
}

const DRAWN = {
  item: null,
  purpose: "signature",
  type: "image/png",
  thumb: null,
  uploadUrl: null,
  state: "kept",
} as const;

/** Confirm by name, for those who cannot or will not draw. */
export function keepNamed(visitId: string, who: string): Promise<void> {
  return replace(visitId, who, () => null);
}

type Draw = (visit: Visit, photos: readonly Photo[]) => Photo | null;

/** The signature, its image and its place in the draft come together or not at all. */
function replace(visitId: string, who: string, draw: Draw): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const photos = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
    const image = draw(visit, photos);
    if (image) await db.photos.add(image);
    const signing: Signing = { photoId: image?.id ?? null, at: isoLocal(new Date()), of: signedNow(visit, photos) };
    await put(visit, { ...visit.signings, [who]: signing }, image);
  });
}

/** Take a signature away. */
export function clearSigning(visitId: string, who: string): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const { [who]: _, ...others } = visit.signings ?? {};
    await put(visit, others, null);
  });
}

/** Write a draft's signatures; images that nobody's signature names any more go, unless they are on their way. */
async function put(visit: Visit, signings: Record<string, Signing>, fresh: Photo | null): Promise<void> {
  const named = new Set(Object.values(signings).map((signing) => signing.photoId));
  const before = Object.values(visit.signings ?? {}).flatMap(({ photoId }) => photoId ?? []);
  const gone = before.filter((id) => !named.has(id));
  const photoIds = [...visit.photoIds.filter((id) => !gone.includes(id)), ...(fresh ? [fresh.id] : [])];
  await db.visits.update(visit.id, { signings, photoIds });
  for (const id of gone) if ((await db.photos.get(id))?.state === "kept") await db.photos.delete(id);
}
