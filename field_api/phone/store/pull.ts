// What a pull brings: token and tasks kept together or not at all; tasks with unsent work are never dropped.
import type { Changes } from "../net/doors";
import { inTourOrder } from "../rules/today";
import type { Task } from "../types";
import { db, type KeptTask, type Visit } from "./db";
import { keepFact } from "./facts";

/** Keep a pull. A token never says more than the rows beside it, whatever ends in the middle. */
export async function keepPull({ token, tasks, visible }: Changes, fetchedAt: string): Promise<void> {
  const tables = [db.tasks, db.facts, db.visits, db.photos, db.arrivals];
  await db.transaction("rw", tables, async () => {
    const told = new Map(tasks.map((task) => [task.id, task]));
    const known = (await db.tasks.toArray()).filter((task) => !told.has(task.id));
    const kept = await stillHere(known, new Set(visible));
    const all = [...kept, ...told.values()].sort(inTourOrder).map((task, order): KeptTask => ({ ...task, order }));
    await db.tasks.bulkDelete(known.map((task) => task.id));
    await db.tasks.bulkPut(all);
    await keepFact("pulled", token);
    await keepFact("fetchedAt", fetchedAt);
  });
}

/** Tasks that stay although the pull does not tell of them; what is no longer ours but has unsent work is marked. */
async function stillHere(known: readonly KeptTask[], visible: ReadonlySet<string>): Promise<Task[]> {
  const gone = known.filter((task) => !visible.has(task.id)).map((task) => task.id);
  const unsent = await withUnsentWork(gone);
  return known
    .filter((task) => visible.has(task.id) || unsent.has(task.id))
    .map(({ gone: _, ...task }) => (visible.has(task.id) ? task : { ...task, gone: true }));
}

const OVER = new Set<Visit["state"]>(["received", "taken"]);

/** Of these tasks, those with work that the server does not have. A draft that was only opened is none. */
async function withUnsentWork(ids: string[]): Promise<Set<string>> {
  const [visits, photos, arrivals] = await Promise.all([
    db.visits.where("taskId").anyOf(ids).toArray(),
    db.photos.where("taskId").anyOf(ids).toArray(),
    db.arrivals.where("taskId").anyOf(ids).toArray(),
  ]);
  const begun = visits.filter((visit) => !OVER.has(visit.state) && (visit.state !== "draft" || isBegun(visit)));
  const waiting = [...photos, ...arrivals].filter((piece) => piece.state !== "sent");
  return new Set([...begun, ...waiting].map((piece) => piece.taskId));
}

/** Is there anything in a draft that somebody would miss? */
export function isBegun(visit: Visit): boolean {
  const { arrivedAt, cardsShown, rightsTold, answers, formAnswers = {}, photoIds, comment, replaces } = visit;
  const given = Object.keys(answers).length + Object.keys(formAnswers).length + photoIds.length;
  return given > 0 || cardsShown || rightsTold || Boolean(arrivedAt || comment || replaces);
}
