// What is unsent, always in sight.
import { db } from "../store/db";
import { t } from "../words";
import { Icon } from "./parts";
import { useLive, useOnline } from "./useLive";

export interface Unsent {
  waiting: number;
  refused: number;
}

/** Count what has not arrived: pieces that wait, and pieces that a person must look at. */
export async function countUnsent(): Promise<Unsent> {
  const waits = await Promise.all([
    db.arrivals.where("state").equals("waiting").count(),
    db.photos.where("state").equals("waiting").count(),
    db.visits.where("state").equals("sealed").count(),
  ]);
  const refused = await Promise.all(
    [db.arrivals, db.photos, db.visits].map((table) => table.where("state").equals("refused").count()),
  );
  return { waiting: sum(waits), refused: sum(refused) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

export function SyncPill() {
  const unsent = useLive(countUnsent);
  const online = useOnline();
  if (!unsent) return null;
  const { waiting, refused } = unsent;
  const tone = refused ? "error" : waiting ? "warn" : "ok";
  const words = refused
    ? t("sync.refused", { count: refused })
    : waiting
      ? t("sync.unsent", { count: waiting })
      : t("sync.all_sent");
  return (
    <a class={`pill badge badge-${tone}`} href="#/sending">
      <Icon name={!online ? "wifiOff" : refused ? "alert" : waiting ? "cloudUpload" : "circleCheck"} />
      {words}
    </a>
  );
}
