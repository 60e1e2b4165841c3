// Fetching the day's work: tasks, and the checklists they need, so that all is there without a network.
import { keepsPhotos } from "../rules/queue";
import { isoLocal } from "../rules/today";
import { lockMode } from "../store/cipher";
import { db, type Visit } from "../store/db";
import { fact } from "../store/facts";
import { keepPull } from "../store/pull";
import { reviseDrafts } from "../store/revised";
import { reopen } from "../store/visits";
import type { Task } from "../types";
import { getChecklist, ServerProblem } from "./api";
import { type Changes, getChanges } from "./doors";
import { fetchMaps } from "./maps";

const LOCK = "fieldlot-pull";

/** Pull changes, then missing checklists. Raises ServerProblem, NoAnswer; what the phone had then stays. */
export async function fetchTasks(): Promise<void> {
  if (lockMode() === "locked") return;
  if (!(await fact("person")) || (await fact("revoked")) || (await fact("unknown"))) return;
  await navigator.locks.request(LOCK, pull); // one tab at a time, so that each begins where the last one ended
  const tasks = await db.tasks.toArray();
  await fetchChecklists(tasks.map((task) => task.checklist.id));
  await reviseDrafts(tasks);
  void fetchMaps(tasks);
  await dropFinishedPhotos(tasks);
}

async function pull(): Promise<void> {
  const changes = await getChanges(await fact("pulled")).catch(afresh);
  // first the checklists, so that what stands on the list can be begun even if the network ends here; who fails is asked again below
  await fetchChecklists(changes.tasks.map((task) => task.checklist.id)).catch(() => undefined);
  await keepPull(changes, isoLocal(new Date()));
}

/** A token that the server does not take is no reason to stay behind: everything is pulled anew. */
function afresh(error: unknown): Promise<Changes> {
  if (error instanceof ServerProblem && error.body.code === "bad-pull-token") return getChanges();
  throw error;
}

/** Checklist versions never change: what the phone has, it need not fetch. */
export async function fetchChecklists(ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)];
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

/** Take a refused record back; one that another version judges goes on with that one. Raises ServerProblem, NoAnswer. */
export async function takeBack({ id, problem }: Visit): Promise<void> {
  const judging = problem?.code === "checklist-changed" ? problem.checklist_id : undefined;
  if (judging) await fetchChecklists([judging]);
  await reopen(id, judging);
}
