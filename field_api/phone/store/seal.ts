// Sealing a visit: the submission's exact bytes are written once, and its photos are released for sending.
import type { Answers as FormAnswers } from "../form";
import { answersToSend, dayOfVisit, filledForm, picturesIn } from "../rules/questions";
import { ENTITY, stands, WITNESS } from "../rules/signing";
import { isoLocal } from "../rules/today";
import type { Officer, Task } from "../types";
import { db, type Photo, type Signing, type Visit } from "./db";
import { clockOffset } from "./facts";
import { signedNow } from "./signings";

/** Seal a draft in one transaction: from here on the queue has it, whatever happens to the page. */
export async function seal(visitId: string, task: Task): Promise<void> {
  const offset = await clockOffset();
  await db.transaction("rw", db.visits, db.photos, db.checklists, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const all = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
    const { formAnswers, pictures } = await further(visit, offset);
    const photos = withoutStale(visit, all).filter((photo) => !photo.question || pictures.has(photo.id));
    const sealedAt = isoLocal(new Date());
    const body = JSON.stringify(submission({ ...visit, sealedAt }, photos, task.team, offset, formAnswers));
    await db.visits.update(visitId, { state: "sealed", body, sealedAt, tries: 0, nextAt: 0, problem: null });
    const kept = photos.filter((photo) => photo.state !== "sent").map((photo) => photo.id);
    await db.photos.where("id").anyOf(kept).modify({ state: "waiting", tries: 0, nextAt: 0, problem: null });
  });
}

/** Answers beside the items as they are sent, of relevant questions only, and the pictures that they name. */
async function further(visit: Visit, offset: number): Promise<{ formAnswers: FormAnswers; pictures: Set<string> }> {
  const checklist = await db.checklists.get(visit.checklistId);
  const form = checklist ? filledForm(checklist, visit, dayOfVisit(visit, offset)) : null;
  if (!checklist || !form) return { formAnswers: {}, pictures: new Set() };
  return { formAnswers: answersToSend(checklist, form), pictures: picturesIn(form.visible()) };
}

/** All photos but signatures that no longer stand, or that play no part: one refuses, or one needs no witness. */
function withoutStale(visit: Visit, photos: readonly Photo[]): Photo[] {
  const standing = new Set(Object.values(standingOf(visit, photos)).map((signing) => signing.photoId));
  return photos.filter((photo) => photo.purpose !== "signature" || photo.question || standing.has(photo.id));
}

function standingOf(visit: Visit, photos: readonly Photo[]): Record<string, Signing> {
  const now = signedNow(visit, photos);
  const out = visit.refused ? ENTITY : WITNESS;
  const all = Object.entries(visit.signings ?? {});
  return Object.fromEntries(all.filter(([who, signing]) => who !== out && stands(signing, now)));
}

/** A submission as the field API takes it (PUT /submissions/{id}). What was calculated is sent, but nobody signed it. */
export function submission(
  visit: Visit,
  photos: readonly Photo[],
  team: readonly Officer[],
  offset: number,
  formAnswers: FormAnswers = {},
): object {
  return {
    task_id: visit.taskId,
    replaces: visit.replaces ?? null,
    checklist_id: visit.checklistId,
    started_at: visit.arrivedAt ?? visit.startedAt,
    finished_at: visit.sealedAt,
    clock_offset_ms: offset,
    app_version: __VERSION__,
    answers: answersOf(visit),
    form_answers: formAnswers,
    photos: photos.map(photoOf),
    result_code: visit.resultCode,
    comment: visit.comment.trim(),
    ...stepsOf(visit),
    ...signaturesOf(visit, photos, team),
  };
}

/** The steps on site as they were taken (DOMAIN §2.6 steps 3, 4 and 7). */
function stepsOf({ cardsShownAt, rightsToldAt, recusal, readBack }: Visit): object {
  const said = recusal && { asked: recusal.asked, ground: recusal.ground.trim(), decision: recusal.decision.trim() };
  return {
    cards_shown_at: cardsShownAt ?? null,
    rights_told_at: rightsToldAt ?? null,
    recusal: said ?? null,
    read_back_at: readBack?.at ?? null,
  };
}

function answersOf(visit: Visit): object[] {
  const numbers = Object.keys(visit.answers).map(Number);
  return numbers
    .sort((a, b) => a - b)
    .flatMap((item) => {
      const { value, remark } = visit.answers[item] ?? { value: null, remark: "" };
      return value ? [{ item, value, remark: remark.trim() }] : [];
    });
}

function photoOf({ id, item, sha256, size, takenAt, fix, seq }: Photo): object {
  const place = { lon: fix?.lon ?? null, lat: fix?.lat ?? null, accuracy: fix?.accuracy ?? null };
  return { id, item, sha256, size, taken_at: takenAt, ...place, seq };
}

/** Who signed the record as it is, each with the hash of what they drew, and how the entity refused. */
function signaturesOf(visit: Visit, photos: readonly Photo[], team: readonly Officer[]): object {
  const standing = standingOf(visit, photos);
  const drawn = (who: string) => photos.find((photo) => photo.id === standing[who]?.photoId)?.sha256 ?? null;
  const officers = team
    .filter(({ inspector_id }) => standing[inspector_id])
    .map(({ inspector_id, name }) => ({ role: "officer", inspector_id, name, sha256: drawn(inspector_id) }));
  const name = visit.entitySigner.trim();
  const entity = { role: "entity", inspector_id: null, name, sha256: drawn(ENTITY) };
  const reason = visit.refusalReason.trim();
  const refusal = { reason, witness: visit.witness.trim(), witness_sha256: drawn(WITNESS) };
  return {
    signatures: standing[ENTITY] && name && !visit.refused ? [...officers, entity] : officers,
    refusal: visit.refused ? refusal : null,
  };
}
