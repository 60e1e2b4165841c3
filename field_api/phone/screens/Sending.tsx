// Sending: every piece that has not arrived, why not, and when it is tried again.
import { again, kickNow } from "../net/queue";
import { readable } from "../rules/today";
import { db, type Photo, type Sending as Row } from "../store/db";
import { Bar, Icon, Problem, State } from "../ui/parts";
import { countUnsent, SyncPill } from "../ui/Sync";
import { useLive } from "../ui/useLive";
import { type Key, t } from "../words";

interface Line extends Row {
  kind: "arrival" | "photo" | "visit";
  what: string;
  id: string;
  taskId: string;
  refused: boolean;
  entity: string;
}

const WORDS: Record<Line["kind"], Key> = { arrival: "sync.arrival", photo: "sync.photo", visit: "sync.visit" };

/** A signature or a recording is sent as photos are, but people call it by its name. */
function named(kind: Line["kind"], purpose: Photo["purpose"]): string {
  return t(purpose && purpose !== "question" ? `purpose.${purpose}` : WORDS[kind]);
}

export function Sending() {
  const lines = useLive(readLines);
  const unsent = useLive(countUnsent);
  return (
    <>
      <Bar title={t("sync.title")} back="#/">
        <SyncPill />
      </Bar>
      <main class="screen">
        {lines?.length === 0 ? (
          <div class="empty">
            <Icon name="circleCheck" />
            <p>{t("sync.all_sent")}</p>
          </div>
        ) : null}
        {lines?.map((line) => (
          <LineCard key={line.id} line={line} />
        ))}
        {unsent?.waiting ? (
          <button type="button" class="button button-wide" onClick={() => void kickNow()}>
            <Icon name="refresh" />
            {t("retry")}
          </button>
        ) : null}
        <p class="muted small">{t("sync.kept")}</p>
      </main>
    </>
  );
}

function LineCard({ line }: { line: Line }) {
  const { kind, what, refused, nextAt, problem, entity, taskId, id } = line;
  const later = !refused && nextAt > Date.now();
  return (
    <article class="card">
      <div class="tour-line">
        <b>{what}</b>
        <State state={refused ? "refused" : "waiting"} />
      </div>
      <p>
        <a href={`#/visit/${taskId}`}>{entity}</a>
        {later ? (
          <span class="muted num">
            {" "}
            · {t("sync.again_at", { time: readable(new Date(nextAt).toISOString(), new Date()) })}
          </span>
        ) : null}
      </p>
      {problem ? <Problem problem={problem} /> : null}
      {refused && kind !== "visit" ? (
        <button type="button" class="button" onClick={() => void again(kind, id)}>
          {t("retry")}
        </button>
      ) : null}
    </article>
  );
}

async function readLines(): Promise<Line[]> {
  const names = new Map((await db.tasks.toArray()).map((task) => [task.id, task.entity.name]));
  const arrivals = await db.arrivals.where("state").anyOf("waiting", "refused").toArray();
  const photos = await db.photos.where("state").anyOf("waiting", "refused").toArray();
  const visits = await db.visits.where("state").anyOf("sealed", "refused").toArray();
  const line =
    (kind: Line["kind"]) => (row: Row & { id: string; taskId: string; state: string; purpose?: Photo["purpose"] }) => {
      const { id, taskId, tries, nextAt, problem } = row;
      return {
        kind,
        what: named(kind, row.purpose),
        id,
        taskId,
        tries,
        nextAt,
        problem,
        refused: row.state === "refused",
        entity: names.get(taskId) ?? "",
      };
    };
  return [...visits.map(line("visit")), ...arrivals.map(line("arrival")), ...photos.map(line("photo"))];
}
