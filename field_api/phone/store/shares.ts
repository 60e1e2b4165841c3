// Shares on the phone: what this officer tells the team, and what came from colleagues, all inside the visit's own row.

import type { Answers as FormAnswers } from "../form";
import { stillAsked } from "../rules/revised";
import { type Given, mergeQuestions, questionPrint } from "../rules/sharedQuestions";
import { type Colleague, fingerprint, merge, nextSeq, type SharedPhoto } from "../rules/shares";
import { isoLocal } from "../rules/today";
import { type Answer, db, type Photo, unsent, type Visit } from "./db";
import { clockOffset } from "./facts";

/** A share as the field API takes it, and its content, by which one sees that there is something new to tell. */
export interface Outgoing {
  content: string;
  seq: number;
  body: string;
}

/** What a draft has to tell its team, or null when the team has heard it all. */
export async function outgoing(visit: Visit): Promise<Outgoing | null> {
  const all = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
  const photos = all.filter((photo) => photo.bytes && (!photo.purpose || photo.question));
  const answers = Object.entries(visit.answers).flatMap(([item, { value, remark }]) =>
    value ? [{ item: Number(item), value, remark: remark.trim() }] : [],
  );
  const form_answers = visit.formAnswers ?? {};
  const told = { answers, photos: photos.map(sharedPhoto), form_answers };
  const content = JSON.stringify(told);
  const nothing = !answers.length && !photos.length && !Object.keys(form_answers).length;
  if (content === visit.shared?.content || (!visit.shared && nothing)) return null;
  const seq = nextSeq(visit.shared?.seq ?? 0, Date.now() - (await clockOffset()));
  return { content, seq, body: JSON.stringify({ seq, at: isoLocal(new Date()), ...told }) };
}

function sharedPhoto({ id, item, sha256, size, takenAt, fix, seq }: Photo): SharedPhoto {
  const place = { lon: fix?.lon ?? null, lat: fix?.lat ?? null, accuracy: fix?.accuracy ?? null };
  return { id, item, sha256, size, taken_at: takenAt, ...place, seq };
}

/** The team has heard it: its photos may be sent now, for the leader will name them. */
export function noteShared(visitId: string, { content, seq }: Outgoing): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    await db.visits.update(visitId, { shared: { content, seq, at: isoLocal(new Date()) } });
    const kept = db.photos.where("id").anyOf(visit.photoIds);
    await kept.and((photo) => photo.state === "kept").modify({ state: "waiting", tries: 0, nextAt: 0 });
  });
}

/** Note what colleagues found; a leader's draft takes over at once what nobody contradicts, photos included. */
export function receive(visitId: string, colleagues: Colleague[], leading: boolean): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, db.checklists, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "draft") return;
    const nodes = (await db.checklists.get(visit.checklistId))?.form?.nodes ?? [];
    const heard = colleagues.map((one) => ({ ...one, form_answers: stillAsked(nodes, one.form_answers ?? {}) }));
    await db.visits.update(visitId, { colleagues, ...(leading ? await taken(visit, heard) : {}) });
  });
}

/** What of a draft changes by what colleagues found. */
async function taken(visit: Visit, colleagues: readonly Colleague[]): Promise<Partial<Visit>> {
  const { takeOver } = merge(visit.answers, colleagues, visit.settled ?? {});
  const questions = mergeQuestions(visit.formAnswers ?? {}, colleagues, visit.settledQuestions ?? {}).takeOver;
  return {
    taken: counted(visit, Object.keys(takeOver)),
    answers: { ...visit.answers, ...takeOver },
    photoIds: [...visit.photoIds, ...(await addPhotos(visit, colleagues))],
    ...(Object.keys(questions).length ? answered(visit, questions) : {}),
  };
}

/** Further questions answered from elsewhere: their fields are drawn anew. */
function answered({ formAnswers, formDrawn = 0 }: Visit, answers: FormAnswers): Partial<Visit> {
  return { formAnswers: { ...formAnswers, ...answers }, formDrawn: formDrawn + 1 };
}

function counted(visit: Visit, items: readonly (string | number)[]): Record<number, number> {
  const more = items.map((item) => [item, (visit.taken?.[Number(item)] ?? 0) + 1]);
  return { ...visit.taken, ...Object.fromEntries(more) };
}

/** Colleagues' photos that this phone never heard of; one that the leader took out stays out. Returns their ids. */
async function addPhotos(visit: Visit, colleagues: readonly Colleague[]): Promise<string[]> {
  const shared = colleagues.flatMap((one) => one.photos);
  const known = await db.photos.bulkGet(shared.map((photo) => photo.id));
  const fresh = shared.filter((_, at) => known[at] === undefined);
  const highest = Math.max(0, ...(await db.photos.bulkGet(visit.photoIds)).map((photo) => photo?.seq ?? 0));
  await db.photos.bulkAdd(
    fresh.map((photo, at) => ({ ...foreignPhoto(visit, photo, highest + 1 + at), ...ofQuestion(photo, colleagues) })),
  );
  return fresh.map((photo) => photo.id);
}

/** The question that a colleague answered by this photo, if it is not of an item or the site. */
function ofQuestion({ id }: SharedPhoto, colleagues: readonly Colleague[]): Partial<Photo> {
  const answers = colleagues.flatMap((one) => Object.entries(one.form_answers ?? {}));
  const question = answers.find(([, answer]) => JSON.stringify(answer).includes(id))?.[0];
  return question ? { question, purpose: "question" } : {};
}

/** A photo whose bytes another phone sends. */
function foreignPhoto(visit: Visit, shared: SharedPhoto, seq: number): Photo {
  const { id, item, sha256, size, taken_at, lon, lat, accuracy } = shared;
  const placed = typeof lon === "number" && typeof lat === "number";
  const fix = placed ? { lon, lat, accuracy: accuracy ?? 0, at: taken_at } : null;
  const facts = { id, item, sha256, size, seq, fix, takenAt: taken_at, taskId: visit.taskId, clockOffsetMs: 0 };
  return {
    ...unsent,
    ...facts,
    bytes: null,
    thumb: null,
    name: "",
    type: "image/jpeg",
    uploadUrl: null,
    state: "sent",
  };
}

/** The leader decides on an item: `answer` stands, and what colleagues said of it is not asked again. */
export function decide(visitId: string, item: number, answer: Answer): Promise<void> {
  return decided(visitId, (visit) => ({
    answers: { ...visit.answers, [item]: answer },
    taken: counted(visit, [item]),
    settled: { ...visit.settled, [item]: fingerprint(item, visit.colleagues ?? []) },
  }));
}

/** As decide, of a further question. */
export function decideQuestion(visitId: string, question: string, answer: Given): Promise<void> {
  return decided(visitId, (visit) => ({
    ...answered(visit, { [question]: answer }),
    settledQuestions: { ...visit.settledQuestions, [question]: questionPrint(question, visit.colleagues ?? []) },
  }));
}

function decided(visitId: string, changes: (visit: Visit) => Partial<Visit>): Promise<void> {
  return db.transaction("rw", db.visits, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state === "draft") await db.visits.update(visitId, changes(visit));
  });
}
