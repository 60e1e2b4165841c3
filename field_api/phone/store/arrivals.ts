// Arriving: kept on the phone first, sent when there is a network.
import { newId } from "../net/keys";
import { isoLocal } from "../rules/today";
import { type Arrival, db, type Fix, unsent } from "./db";
import { clockOffset } from "./facts";
import { withRoom } from "./room";

export interface CheckIn {
  fix: Fix | null;
  scanned: string;
  reason: string;
}

/** Note that the team has arrived, once per visit. */
export async function checkIn(visitId: string, taskId: string, { fix, scanned, reason }: CheckIn): Promise<void> {
  const clockOffsetMs = await clockOffset();
  const at = isoLocal(new Date());
  const arrival: Arrival = {
    ...unsent,
    id: newId(),
    taskId,
    at,
    fix,
    clockOffsetMs,
    scanned: scanned.trim() || null,
    reason: reason.trim() || null,
    state: "waiting",
    answer: null,
  };
  await withRoom(() =>
    db.transaction("rw", db.visits, db.arrivals, async () => {
      const visit = await db.visits.get(visitId);
      if (!visit || visit.arrivedAt) return;
      await db.arrivals.add(arrival);
      await db.visits.update(visitId, { arrivedAt: at, step: Math.max(visit.step, 1) });
    }),
  );
}

/** An arrival as the field API takes it (POST /tasks/{id}/check-in). */
export function checkInBody({ id, at, fix, clockOffsetMs, scanned, reason }: Arrival): object {
  const place = { lon: fix?.lon ?? null, lat: fix?.lat ?? null, accuracy: fix?.accuracy ?? null };
  return { id, at, ...place, clock_offset_ms: clockOffsetMs, scanned, reason };
}
