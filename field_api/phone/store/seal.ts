// Sealing a visit: the submission's exact bytes are written once, and its photos are released for sending.
import { isoLocal } from "../rules/today";
import type { Officer, Task } from "../types";
import { db, type Photo, type Visit } from "./db";
import { clockOffset } from "./facts";

/** Seal a draft in one transaction: from here on the queue has it, whatever happens to the page. */
export async function seal(visitId: string, task: Task): Promise<void> {
  const offset = await clockOffset();
  await db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const photos = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
    const sealedAt = isoLocal(new Date());
    const body = JSON.stringify(submission({ ...visit, sealedAt }, photos, task.team, offset));
    await db.visits.update(visitId, { state: "sealed", body, sealedAt, tries: 0, nextAt: 0, problem: null });
    const kept = photos.filter((photo) => photo.state !== "sent").map((photo) => photo.id);
    await db.photos.where("id").anyOf(kept).modify({ state: "waiting", tries: 0, nextAt: 0, problem: null });
  });
}

/** A submission as the field API takes it (PUT /submissions/{id}). */
export function submission(visit: Visit, photos: readonly Photo[], team: readonly Officer[], offset: number): object {
  return {
    task_id: visit.taskId,
    checklist_id: visit.checklistId,
    started_at: visit.arrivedAt ?? visit.startedAt,
    finished_at: visit.sealedAt,
    clock_offset_ms: offset,
    app_version: __VERSION__,
    answers: answersOf(visit),
    photos: photos.map(photoOf),
    result_code: visit.resultCode,
    comment: visit.comment.trim(),
    signatures: signaturesOf(visit, team),
    refusal: visit.refused ? { reason: visit.refusalReason.trim(), witness: visit.witness.trim() } : null,
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

function signaturesOf(visit: Visit, team: readonly Officer[]): object[] {
  const officers = team
    .filter((officer) => visit.officers[officer.inspector_id])
    .map(({ inspector_id, name }) => ({ role: "officer", inspector_id, name, sha256: null }));
  const entity = visit.entitySigner.trim();
  const signs = entity !== "" && !visit.refused;
  return signs ? [...officers, { role: "entity", inspector_id: null, name: entity, sha256: null }] : officers;
}
