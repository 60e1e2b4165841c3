// Photos: bytes kept exactly as the camera gave them, hashed at once, with a small picture of them for the screen.
import { newId, sha256 } from "../net/keys";
import { isoLocal } from "../rules/today";
import { sealBytes } from "./cipher";
import { db, type Fix, type Photo, unsent, type Visit } from "./db";
import { clockOffset } from "./facts";

const THUMB_PX = 320;

/** The file is no picture. */
export class NotAPhoto extends Error {
  constructor(readonly file: string) {
    super("not-a-photo");
  }
}

/** Keep a photo of an item (null: of the site) in a draft. Raises NotAPhoto, and DOMException when storage is full. */
export async function keepPhoto(visit: Visit, item: number | null, file: File, fix: Fix | null): Promise<void> {
  await addPhoto(visit.id, await madePhoto(visit.taskId, item, file, fix));
}

/** A picture's row as it is kept, not yet in any draft. Raises NotAPhoto. */
export async function madePhoto(taskId: string, item: number | null, file: File, fix: Fix | null): Promise<Photo> {
  if (file.size === 0 || !file.type.startsWith("image/")) throw new NotAPhoto(file.name);
  const bytes = await file.arrayBuffer();
  const [digest, thumb, clockOffsetMs] = await Promise.all([sha256(bytes), thumbnail(file), clockOffset()]);
  const sealed = await sealBytes(new Blob([bytes], { type: file.type }));
  return {
    ...unsent,
    id: newId(),
    taskId,
    item,
    bytes: sealed,
    thumb: thumb && (await sealBytes(thumb)),
    name: file.name,
    type: file.type,
    size: file.size,
    sha256: digest,
    takenAt: isoLocal(new Date(Math.min(file.lastModified, Date.now()))),
    fix,
    clockOffsetMs,
    seq: 0,
    uploadUrl: null,
    state: "kept",
  };
}

/** The photo and its place in the draft come together or not at all; the same picture twice on an item counts once. */
export function addPhoto(visitId: string, photo: Photo): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const others = (await db.photos.bulkGet(visit.photoIds)).filter((other) => other !== undefined);
    if (others.some((other) => other.sha256 === photo.sha256 && other.item === photo.item)) return;
    const seq = 1 + Math.max(0, ...others.map((other) => other.seq));
    await db.photos.add({ ...photo, seq });
    await db.visits.update(visitId, { photoIds: [...visit.photoIds, photo.id] });
  });
}

/** Take a photo out of a draft. Its bytes go only if they were never released for sending. */
export function removePhoto(visitId: string, photoId: string): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    await db.visits.update(visitId, { photoIds: visit.photoIds.filter((id) => id !== photoId) });
    if ((await db.photos.get(photoId))?.state === "kept") await db.photos.delete(photoId);
  });
}

/** A small picture for the screen, or null where the browser cannot read the format (HEIC). */
export async function thumbnail(file: Blob): Promise<Blob | null> {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, THUMB_PX / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  } catch {
    return null;
  }
}
