// A draft that another version of its checklist judges: its answers carry over by name, and what stood before is kept.
import { type Renumbering, renumbered, renumbering, stillAsked } from "../rules/revised";
import type { Checklist, Task } from "../types";
import { db, type Visit } from "./db";

/** Fill a draft on with another version, which this phone has. To be called where visits, photos and checklists may be written. */
export async function revise(visitId: string, checklistId: string): Promise<void> {
  const visit = await db.visits.get(visitId);
  const newer = await db.checklists.get(checklistId);
  if (visit?.state !== "draft" || !newer || visit.checklistId === checklistId) return;
  const to = renumbering(await db.checklists.get(visit.checklistId), newer);
  await db.visits.update(visitId, carried(visit, newer, to));
  const ofItems = db.photos
    .where("id")
    .anyOf(visit.photoIds)
    .and(({ item }) => item !== null);
  // a photo whose item is asked no more is one of the site
  await ofItems.modify((photo) => {
    photo.item = to(photo.item as number);
  });
}

/** Fill drafts on with the versions that will judge them, once these are on the phone. */
export async function reviseDrafts(tasks: readonly Task[]): Promise<void> {
  await db.transaction("rw", db.visits, db.photos, db.checklists, db.arrivals, async () => {
    for (const { id, taskId, checklistId } of await db.visits.where("state").equals("draft").toArray()) {
      const judging = tasks.find((task) => task.id === taskId)?.checklist.id;
      if (judging && judging !== checklistId && !(await arrivedUnheard(taskId))) await revise(id, judging);
    }
  });
}

/** The day of arrival decides on the version: what the server says of it counts once it has heard of the arrival. */
async function arrivedUnheard(taskId: string): Promise<boolean> {
  const waiting = db.arrivals.where("taskId").equals(taskId);
  return (await waiting.and(({ state }) => state !== "sent").count()) > 0;
}

/** Who signed, or heard the record read, heard other words: both are asked for anew. A version that is back finds its own answers again. */
function carried(visit: Visit, newer: Checklist, to: Renumbering): Partial<Visit> {
  const { checklistId, answers, formAnswers = {}, before } = visit;
  const again = before?.checklistId === newer.id ? before : null;
  return {
    checklistId: newer.id,
    answers: { ...again?.answers, ...renumbered(answers, to) },
    formAnswers: { ...again?.formAnswers, ...stillAsked(newer.form?.nodes ?? [], formAnswers) },
    remarks: renumbered(visit.remarks, to),
    settled: renumbered(visit.settled, to),
    before: { checklistId, answers, formAnswers },
    formDrawn: (visit.formDrawn ?? 0) + 1,
    readBack: null,
    signings: {},
  };
}

/** What has changed was looked at: nothing is said of it any more. What stood before stays. */
export async function lookedOver(visitId: string): Promise<void> {
  const draft = db.visits.where("id").equals(visitId);
  await draft.modify((visit) => {
    if (visit.before) visit.before.seen = true;
  });
}
