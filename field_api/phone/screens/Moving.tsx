// Moving drafts to another phone of the same inspector, and taking them there; and what a visit shows meanwhile.
import { useEffect, useState } from "preact/hooks";
import { getDrafts, type Parked } from "../net/doors";
import { bringHere, fetchBack, moveAway } from "../net/moving";
import { readable } from "../rules/today";
import { db, type Visit } from "../store/db";
import { isBegun } from "../store/pull";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { Notice, Problem } from "../ui/parts";
import { useLive, useOnline } from "../ui/useLive";
import { t } from "../words";

interface Drafts {
  here: Visit[];
  names: Map<string, string>;
}

export function MovingCard() {
  const kept = useLive(readDrafts);
  const online = useOnline();
  const [parked, setParked] = useState<Parked[]>([]);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const look = () => getDrafts().then(setParked);
  const go = (deed: () => Promise<unknown>) =>
    deed()
      .then(look)
      .then(() => null, asTold)
      .then(setProblem);
  useEffect(() => {
    if (online) void look().catch(() => undefined);
  }, [online]);
  if (!kept) return null;
  const elsewhere = parked.filter((one) => !one.here && !kept.here.some((visit) => visit.id === one.visit_id));
  return (
    <section class="card stack" id="moving">
      <h2>{t("move.title")}</h2>
      <p class="muted small">{t("move.text")}</p>
      {problem ? <Problem problem={problem} /> : null}
      {kept.here.map((visit) => (
        <Here key={visit.id} visit={visit} name={nameOf(kept, visit.taskId)} parked={parked} go={go} />
      ))}
      {elsewhere.map((one) => (
        <Elsewhere key={one.visit_id} parked={one} name={nameOf(kept, one.task_id)} go={go} />
      ))}
      {kept.here.length + elsewhere.length ? null : <p class="muted">{t("move.none")}</p>}
      <button type="button" class="button button-wide" onClick={() => void go(look)}>
        {t("move.look")}
      </button>
    </section>
  );
}

async function readDrafts(): Promise<Drafts> {
  const visits = await db.visits.where("state").anyOf("draft", "moved").toArray();
  const here = visits.filter((visit) => visit.state === "moved" || isBegun(visit));
  const tasks = await db.tasks.bulkGet(here.map((visit) => visit.taskId));
  const all = [...tasks.filter((task) => task !== undefined), ...(await db.tasks.toArray())];
  return { here, names: new Map(all.map((task) => [task.id, task.entity.name])) };
}

function nameOf({ names }: Drafts, taskId: string): string {
  return names.get(taskId) ?? t("move.other_task", { task: taskId.slice(0, 8) });
}

type Go = (deed: () => Promise<unknown>) => Promise<void>;

function Line({
  name,
  state,
  label,
  press,
}: {
  name: string;
  state: string;
  label: string;
  press?: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const pressed = async () => {
    setBusy(true);
    await press?.();
    setBusy(false);
  };
  return (
    <div class="stack">
      <p>
        <b>{name}</b>
        {state ? <span class="muted small"> · {state}</span> : null}
      </p>
      <button
        type="button"
        class="button"
        aria-label={`${label} · ${name}`}
        disabled={busy || !press}
        onClick={pressed}
      >
        {label}
      </button>
    </div>
  );
}

function Here({ visit, name, parked, go }: { visit: Visit; name: string; parked: readonly Parked[]; go: Go }) {
  if (visit.state === "draft")
    return (
      <>
        <Line name={name} state="" label={t("move.away")} press={() => go(() => moveAway(visit.id))} />
        {visit.problem ? <Problem problem={visit.problem} /> : null}
      </>
    );
  const whole = parked.some((one) => one.visit_id === visit.id && !one.missing.length);
  const state = visit.moving === "coming" ? t("move.coming") : whole ? t("move.waits") : t("move.going");
  return <Line name={name} state={state} label={t("move.back")} press={() => go(() => fetchBack(visit.id))} />;
}

function Elsewhere({ parked, name, go }: { parked: Parked; name: string; go: Go }) {
  const { missing, visit_id, parked_at } = parked;
  if (missing.length)
    return <Line name={name} state={t("move.missing", { count: missing.length })} label={t("move.here")} />;
  const state = t("move.parked", { time: readable(parked_at, new Date()) });
  return <Line name={name} state={state} label={t("move.here")} press={() => go(() => bringHere(visit_id))} />;
}

/** A visit whose draft waits to be taken. */
export function Moved({ visit }: { visit: Visit }) {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const back = () =>
    fetchBack(visit.id)
      .then(() => null, asTold)
      .then(setProblem);
  return (
    <main class="screen">
      <Notice tone="warn" title={t("move.locked_title")}>
        <p>{t("move.locked")}</p>
      </Notice>
      {problem ? <Problem problem={problem} /> : null}
      <button type="button" class="button button-primary button-wide" onClick={() => void back()}>
        {t("move.back")}
      </button>
    </main>
  );
}

/** A visit that goes on in another phone. */
export function Taken() {
  return (
    <main class="screen">
      <Notice tone="info" title={t("move.taken_title")}>
        <p>{t("move.taken")}</p>
      </Notice>
      <a class="button button-wide" href="#/">
        {t("receipt.home")}
      </a>
    </main>
  );
}
