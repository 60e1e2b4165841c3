// Visits in the making: opened from a task, changed at every touch, sealed for sending, corrected as a new version.
import { newId } from "../net/keys";
import { isoLocal } from "../rules/today";
import type { Task, Value } from "../types";
import { type Answer, db, type Recusal, unsent, type Visit } from "./db";
import { revise } from "./revised";
import { withRoom } from "./room";

const OPEN = new Set<Visit["state"]>(["draft", "sealed", "refused", "moved"]);
/** Nothing more comes of it; what follows is a correction. */
const OVER = new Set<Visit["state"]>(["received", "aside"]);

/** The visit a task is at: the one still open, else the one received last. */
export async function visitOf(taskId: string): Promise<Visit | undefined> {
  const visits = await db.visits.where("taskId").equals(taskId).sortBy("startedAt");
  return visits.find((visit) => OPEN.has(visit.state)) ?? visits.filter((visit) => visit.state !== "taken").at(-1);
}

/** Does another phone hold this task's draft, which was begun here? Not any more once the record was returned since. */
export async function isTaken(task: Task): Promise<boolean> {
  const last = (await db.visits.where("taskId").equals(task.id).sortBy("startedAt")).at(-1);
  return last?.state === "taken" && !(Date.parse(task.returned?.at ?? "") > Date.parse(last.startedAt));
}

/** What was submitted of a task from this phone, oldest first. */
export async function versionsOf(taskId: string): Promise<Visit[]> {
  const visits = await db.visits.where("taskId").equals(taskId).sortBy("startedAt");
  return visits.filter((visit) => visit.state === "received");
}

/** Has the reviewer returned what this phone submitted last? Not once a newer version was received. */
export function isReturned(task: Task, visit: Visit | undefined): boolean {
  if (task.state !== "returned" || (visit && !OVER.has(visit.state))) return false;
  const received = Date.parse(visit?.receipt?.received_at ?? "");
  return !(received > Date.parse(task.returned?.at ?? ""));
}

/** Open a task's visit, the same one in every tab. Without one a fresh draft is begun. */
export function openVisit(task: Task): Promise<Visit> {
  return withRoom(() =>
    db.transaction("rw", db.visits, async () => {
      const known = await visitOf(task.id);
      if (known && !isReturned(task, known)) return known;
      return begin(task, known);
    }),
  );
}

/** Begin a draft; a correction starts from what was submitted, under a new id. */
async function begin(task: Task, earlier?: Visit): Promise<Visit> {
  const visit = { ...(earlier ? corrected(earlier) : fresh(task)), ...returnedBy(task) };
  await db.visits.add(visit);
  return visit;
}

/** What a correction has to know of the version that was returned. */
export function returnedBy({ returned }: Task): Pick<Visit, "replaces" | "remarks"> {
  const remarks = (returned?.items ?? []).map(({ item, remark }) => [item, remark] as const);
  return { replaces: returned?.submission ?? null, remarks: Object.fromEntries(remarks) };
}

function fresh(task: Task): Visit {
  return {
    ...unsent,
    id: newId(),
    taskId: task.id,
    checklistId: task.checklist.id,
    state: "draft",
    step: 0,
    startedAt: isoLocal(new Date()),
    arrivedAt: null,
    cardsShown: false,
    rightsTold: false,
    answers: {},
    photoIds: [],
    resultCode: null,
    comment: "",
    entitySigner: "",
    refused: false,
    refusalReason: "",
    witness: "",
    body: null,
    sealedAt: null,
    receipt: null,
  };
}

/** Signatures go along: they stand as long as the record stays as it was signed. */
function corrected(earlier: Visit): Visit {
  const again = { ...unsent, id: newId(), state: "draft", body: null, sealedAt: null, receipt: null } as const;
  return { ...earlier, ...again, step: 2, startedAt: isoLocal(new Date()) };
}

/** Take a record that the server refused back into the making, under a new id, and with another checklist if one is given. */
export function reopen(visitId: string, checklistId?: string): Promise<void> {
  return db.transaction("rw", db.visits, db.photos, db.checklists, async () => {
    const visit = await db.visits.get(visitId);
    if (visit?.state !== "refused") return;
    await db.visits.delete(visitId);
    const draft = { ...corrected(visit), startedAt: visit.startedAt };
    await db.visits.add(draft);
    if (checklistId) await revise(draft.id, checklistId);
  });
}

/** Somebody has seen that this refused record came too late: it stays on the phone, and asks for nothing more. */
export async function putAside(visitId: string): Promise<void> {
  const refused = db.visits.where("id").equals(visitId);
  await refused.and((visit) => visit.state === "refused").modify({ state: "aside" });
}

/** Change a draft as `deed` says; what is sealed no longer changes. */
async function edit(visitId: string, deed: Partial<Visit> | ((visit: Visit) => void)): Promise<void> {
  await withRoom(() =>
    db.visits
      .where("id")
      .equals(visitId)
      .and((visit) => visit.state === "draft")
      .modify(deed as (visit: Visit) => void),
  );
}

/** Change some of a draft. */
export function change(visitId: string, changes: Partial<Visit>): Promise<void> {
  return edit(visitId, changes);
}

/** Answer one item, or change its remark, leaving all others as they are. */
export function answer(visitId: string, no: number, changes: Partial<Answer>): Promise<void> {
  return edit(visitId, (visit) => {
    visit.answers[no] = { value: null, remark: "", ...visit.answers[no], ...changes };
  });
}

/** Note what is scanned or typed before checking in. */
export function noteArriving(visitId: string, changes: Partial<NonNullable<Visit["arriving"]>>): Promise<void> {
  return edit(visitId, (visit) => {
    visit.arriving = { scanned: "", reason: "", ...visit.arriving, ...changes };
  });
}

/** Note what was said about recusal, leaving the rest of it as it is. */
export function noteRecusal(visitId: string, changes: Partial<Recusal>): Promise<void> {
  return edit(visitId, (visit) => {
    visit.recusal = { asked: false, ground: "", decision: "", ...visit.recusal, ...changes };
  });
}

/** Answer 是 to all of these items that have no answer yet. */
export function answerRest(visitId: string, items: readonly number[]): Promise<void> {
  return edit(visitId, (visit) => {
    for (const no of items) {
      const known = visit.answers[no];
      if (!known?.value) visit.answers[no] = { remark: "", ...known, value: "yes" };
    }
  });
}

/** The given answers by item number. */
export function givenAnswers(visit: Visit): Map<number, Value> {
  const given = Object.entries(visit.answers).flatMap(([no, { value }]) =>
    value ? [[Number(no), value] as const] : [],
  );
  return new Map(given);
}
