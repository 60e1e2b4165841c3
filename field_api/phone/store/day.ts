// The day as this phone knows it: tasks as fetched, and what it knows better than the list.
import type { Seen } from "../rules/estimate";
import { isDone } from "../rules/today";
import type { Task } from "../types";
import { db, type Visit } from "./db";
import { fact } from "./facts";
import { isReturned } from "./visits";

export interface KeptDay {
  tasks: Task[];
  fetchedAt: string | undefined;
  /** Tasks whose record is out of the team's hands. */
  finished: Set<string>;
  /** What this phone knows better than the list: drafts, and what waits or was refused. */
  states: Map<string, string>;
  /** When the team arrived and left, as far as this phone saw it. */
  seen: Map<string, Seen>;
}

export async function readDay(): Promise<KeptDay> {
  const tasks = await db.tasks.orderBy("order").toArray();
  const visits = new Map((await db.visits.toArray()).map((visit) => [visit.taskId, visit]));
  const day: KeptDay = {
    tasks,
    fetchedAt: await fact("fetchedAt"),
    finished: new Set(),
    states: new Map(),
    seen: new Map(),
  };
  for (const task of tasks) {
    const visit = visits.get(task.id);
    const state = visit && stateHere(visit, task);
    if (state) day.states.set(task.id, state);
    if (state === "waiting" || state === "submitted") day.finished.add(task.id);
    if (visit) day.seen.set(task.id, { arrivedAt: visit.arrivedAt, leftAt: visit.sealedAt });
  }
  return day;
}

function stateHere(visit: Visit, task: Task): string | undefined {
  if (visit.state === "sealed") return "waiting";
  if (visit.state === "refused") return "refused";
  if (visit.state === "moved" || visit.state === "taken") return isDone(task) ? undefined : visit.state;
  if (visit.state === "draft") return task.state === "assigned" && visit.arrivedAt ? "on_site" : undefined;
  const open = task.state === "assigned" || task.state === "on_site" || task.state === "returned";
  return open && !isReturned(task, visit) ? "submitted" : undefined;
}
