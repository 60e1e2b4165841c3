// Telling the team what was found, and hearing from it, while a visit of several officers is open and there is a network.
import { leads } from "../rules/shares";
import { Locked } from "../store/cipher";
import { db, type Visit } from "../store/db";
import { noteShared, type Outgoing, outgoing, receive } from "../store/shares";
import type { Task } from "../types";
import { getShares, NoAnswer, ServerProblem } from "./api";
import { type Operation, postOperations } from "./doors";
import { kick } from "./queue";

const LOCK = "fieldlot-shares";

interface Open {
  visit: Visit;
  task: Task;
}

/** Share and hear of all open drafts of teams; of one task alone when named. One tab at a time; never fails. */
export async function shareDrafts(taskId?: string): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const open = await openDrafts(taskId);
    await quietly(() => tell(open));
    for (const one of open) await quietly(() => hear(one));
  });
}

async function openDrafts(taskId?: string): Promise<Open[]> {
  const drafts = await db.visits.where("state").equals("draft").toArray();
  const tasks = await db.tasks.bulkGet(drafts.map((visit) => visit.taskId));
  return drafts.flatMap((visit, at) => {
    const task = tasks[at];
    return task && task.team.length > 1 && (!taskId || taskId === task.id) ? [{ visit, task }] : [];
  });
}

/** All news in one call; each draft's is answered by itself. */
async function tell(open: readonly Open[]): Promise<void> {
  const news = new Map<string, { visit: Visit; told: Outgoing; operation: Operation }>();
  for (const { visit, task } of open) {
    const told = await outgoing(visit);
    const id = `${visit.id}-${told?.seq}`;
    if (told) news.set(id, { visit, told, operation: { id, kind: "share", task_id: task.id, body: told.body } });
  }
  if (!news.size) return;
  for (const { id, problem } of await postOperations([...news.values()].map((one) => one.operation))) {
    const one = news.get(id);
    if (one && !problem) await noteShared(one.visit.id, one.told); // else the visit is submitted by now
  }
  kick();
}

async function hear({ visit, task }: Open): Promise<void> {
  const { shares } = await getShares(task.id);
  if (JSON.stringify(shares) !== JSON.stringify(visit.colleagues)) await receive(visit.id, shares, leads(task.team));
}

const USUAL = [NoAnswer, ServerProblem, Locked];

/** No network, the server says no, or the phone was locked meanwhile: the draft stays, and the next turn tries again. */
async function quietly(deed: () => Promise<void>): Promise<void> {
  await deed().catch((error) => {
    if (!USUAL.some((kind) => error instanceof kind)) console.error("share_failed", error);
  });
}
