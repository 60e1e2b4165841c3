// Fetching the day's work: tasks, and the checklists they need, so that all is there without a network.
import { keepsPhotos } from "../rules/queue";
import { isoLocal } from "../rules/today";
import { db } from "../store/db";
import { fact, keepFact } from "../store/facts";
import type { Task } from "../types";
import { getChecklist, getTasks } from "./api";
import { fetchMaps } from "./maps";

/** Fetch tasks and missing checklists. Raises ServerProblem, NoAnswer; what the phone had then stays. */
export async function fetchTasks(): Promise<void> {
  if (!(await fact("person")) || (await fact("revoked")) || (await fact("unknown"))) return;
  const tasks = await getTasks();
  await db.transaction("rw", db.tasks, async () => {
    await db.tasks.clear();
    await db.tasks.bulkAdd(tasks.map((task, order) => ({ ...task, order })));
  });
  await keepFact("fetchedAt", isoLocal(new Date()));
  await fetchChecklists(tasks);
  void fetchMaps(tasks);
  await dropFinishedPhotos(tasks);
}

/** Checklist versions never change: what the phone has, it need not fetch. */
async function fetchChecklists(tasks: readonly Task[]): Promise<void> {
  const wanted = [...new Set(tasks.map((task) => task.checklist.id))];
  const known = new Set(await db.checklists.toCollection().primaryKeys());
  for (const id of wanted.filter((one) => !known.has(one))) await db.checklists.put(await getChecklist(id));
}

/** Bytes that arrived and whose review is over make room; their small pictures and hashes stay. */
async function dropFinishedPhotos(tasks: readonly Task[]): Promise<void> {
  const states = new Map(tasks.map((task) => [task.id, task.state]));
  await db.photos
    .where("state")
    .equals("sent")
    .and((photo) => photo.bytes !== null && states.has(photo.taskId) && !keepsPhotos(states.get(photo.taskId)))
    .modify({ bytes: null });
}
