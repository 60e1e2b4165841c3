// Fetching the maps of the tours ahead, while there is a network; without them the day goes on all the same.
import { dropMaps, keepMap, keptMap } from "../map/keep";
import type { Task } from "../types";
import { getMap } from "./api";

const STALE_MS = 6 * 3600_000;
let fetching = false;

/** Fetch what is missing or old for these tasks' tours, and drop maps of tours that are over. Never fails. */
export async function fetchMaps(tasks: readonly Task[]): Promise<void> {
  if (fetching) return;
  fetching = true;
  const tours = [...new Set(tasks.flatMap((task) => (task.tour && task.state !== "cancelled" ? [task.tour.id] : [])))];
  try {
    for (const id of tours) await refresh(id);
    await dropMaps(tours);
  } catch (error) {
    console.warn("maps_not_fetched", error); // the next turn tries again
  } finally {
    fetching = false;
  }
}

async function refresh(tourId: string): Promise<void> {
  const kept = await keptMap(tourId);
  if (kept && Math.abs(Date.now() - kept.fetchedAt) < STALE_MS) return;
  await keepMap(tourId, { fetchedAt: Date.now(), pack: await getMap(tourId) });
}
