// Telling the team what was found, and hearing from it, while a visit of several officers is open and there is a network.
import { leads } from "../rules/shares";
import { db, type Visit } from "../store/db";
import { noteShared, outgoing, receive } from "../store/shares";
import type { Task } from "../types";
import { getShares, NoAnswer, putShare, ServerProblem } from "./api";
import { kick } from "./queue";

const LOCK = "fieldlot-shares";

/** Share and hear of all open drafts of teams; of one task alone when named. One tab at a time; never fails. */
export async function shareDrafts(taskId?: string): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const drafts = await db.visits.where("state").equals("draft").toArray();
    for (const visit of drafts) {
      const task = await db.tasks.get(visit.taskId);
      if (task && task.team.length > 1 && (!taskId || taskId === task.id)) await exchange(visit, task);
    }
  });
}

async function exchange(visit: Visit, task: Task): Promise<void> {
  try {
    const news = await outgoing(visit);
    if (news) {
      await putShare(task.id, news.body);
      await noteShared(visit.id, news);
      kick();
    }
    const { shares } = await getShares(task.id);
    if (JSON.stringify(shares) !== JSON.stringify(visit.colleagues)) await receive(visit.id, shares, leads(task.team));
  } catch (error) {
    // No network, or the visit is submitted by now: the draft stays as it is, and the next turn tries again.
    if (!(error instanceof NoAnswer || error instanceof ServerProblem)) console.error("share_failed", error);
  }
}
