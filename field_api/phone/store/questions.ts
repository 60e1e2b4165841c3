// Answers to a checklist's further questions, kept in the draft at every touch; pictures come and go with their answer.
import type { Answer } from "../form";
import { rawAt, withAnswer, withInstance, withoutInstance } from "../rules/questions";
import { db, type Fix, type Photo, type Visit } from "./db";
import { madePhoto } from "./photos";

/** Answer a question (`name`, or `repeat/0/name`); null clears. What is sealed no longer changes. */
export async function answerQuestion(visitId: string, path: string, value: Answer): Promise<void> {
  await draft(visitId).modify((visit) => {
    visit.formAnswers = withAnswer(visit.formAnswers, path, value);
  });
}

function draft(visitId: string) {
  return db.visits
    .where("id")
    .equals(visitId)
    .and((visit) => visit.state === "draft");
}

export async function addInstance(visitId: string, repeat: string): Promise<void> {
  await draft(visitId).modify((visit) => {
    visit.formAnswers = withInstance(visit.formAnswers, repeat);
  });
}

/** Remove an instance with its answers and pictures; those after it move up, so that all fields are drawn anew. */
export function removeInstance(visitId: string, repeat: string, index: number): Promise<void> {
  return edited(visitId, async (visit) => {
    const formAnswers = withoutInstance(visit.formAnswers, repeat, index);
    await keep(visit, { formAnswers, formDrawn: (visit.formDrawn ?? 0) + 1 });
  });
}

/** A picture as it was taken, or a signature as it was drawn. */
export interface Picture {
  file: File;
  fix: Fix | null;
  purpose: "question" | "signature";
}

/** Keep a picture as the answer to a question, in place of the former one. Raises NotAPhoto, DOMException. */
export async function keepPicture(visit: Visit, path: string, { file, fix, purpose }: Picture): Promise<void> {
  const photo = await madePhoto(visit.taskId, null, file, fix);
  const question = path.split("/").at(-1) ?? path;
  await edited(visit.id, async (now) => {
    const seq = 1 + Math.max(0, ...(await photosOf(now)).map((other) => other.seq));
    await db.photos.add({ ...photo, purpose, question, seq });
    const formAnswers = withAnswer(now.formAnswers, path, photo.id);
    await keep(now, { formAnswers, photoIds: [...now.photoIds, photo.id] });
  });
}

/** Take a question's picture away. */
export function removePicture(visitId: string, path: string): Promise<void> {
  return edited(visitId, (visit) => keep(visit, { formAnswers: withAnswer(visit.formAnswers, path, null) }));
}

function edited(visitId: string, deed: (visit: Visit) => Promise<void>): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state === "draft") await deed(visit);
  });
}

async function photosOf(visit: Visit): Promise<Photo[]> {
  return (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
}

/** Write changed answers; pictures that no answer names any more go, unless they are on their way. */
async function keep(visit: Visit, changes: Partial<Visit>): Promise<void> {
  const named = JSON.stringify(changes.formAnswers ?? {});
  const before = JSON.stringify(visit.formAnswers ?? {});
  const pictures = (await photosOf(visit)).filter((photo) => photo.question);
  const gone = pictures.filter(({ id }) => before.includes(id) && !named.includes(id)).map(({ id }) => id);
  const photoIds = (changes.photoIds ?? visit.photoIds).filter((id) => !gone.includes(id));
  await db.visits.update(visit.id, { ...changes, photoIds });
  for (const id of gone) if ((await db.photos.get(id))?.state === "kept") await db.photos.delete(id);
}

/** The picture that answers a question. */
export function pictureAt(visit: Visit, photos: readonly Photo[], path: string): Photo | undefined {
  return photos.find((photo) => photo.id === rawAt(visit.formAnswers, path));
}
