// Today: the tour's tasks in order, with their times and states, and what needs attention first.
import { useState } from "preact/hooks";
import { kickNow } from "../net/queue";
import { fetchTasks } from "../net/tasks";
import { type Day, layOut, localDate, readable, timeOfDay } from "../rules/today";
import { db, type Visit } from "../store/db";
import { fact } from "../store/facts";
import { isReturned } from "../store/visits";
import type { ProblemBody, Task } from "../types";
import { asTold } from "../ui/failures";
import { Bar, Icon, Notice, Problem, State } from "../ui/parts";
import { SyncPill } from "../ui/Sync";
import { useLive, useOnline } from "../ui/useLive";
import { type Key, language, t } from "../words";

const GROUPS: readonly [keyof Day, Key][] = [
  ["returned", "today.returned"],
  ["open", "today.open"],
  ["later", "today.later"],
  ["done", "today.done"],
];

const DATE = { month: "long", day: "numeric", weekday: "short" } as const;

export function Today() {
  const kept = useLive(readDay);
  const online = useOnline();
  const now = new Date();
  const date = now.toLocaleDateString(language() === "zh" ? "zh-CN" : "en-GB", DATE);
  if (!kept) return <Bar title={t("today.title")} sub={date} />;
  const day = layOut(kept.tasks, kept.finished, localDate(now));
  return (
    <>
      <Bar title={t("today.title")} sub={date}>
        <SyncPill />
        <a class="bar-back" href="#/me" aria-label={t("me.title")}>
          <Icon name="user" />
        </a>
      </Bar>
      <main class="screen">
        {online ? null : <p class="offline">{t("today.offline")}</p>}
        <StorageWarning />
        <TourHead tasks={kept.tasks} done={day.done.length} />
        {GROUPS.map(([group, title]) => (
          <Group key={group} title={t(title)} tasks={day[group]} states={kept.states} />
        ))}
        {kept.tasks.length ? null : <NoTasks fetched={kept.fetchedAt !== undefined} />}
        <Refresh fetchedAt={kept.fetchedAt} />
      </main>
    </>
  );
}

interface KeptDay {
  tasks: Task[];
  fetchedAt: string | undefined;
  /** Tasks whose record is out of the team's hands. */
  finished: Set<string>;
  /** What this phone knows better than the list: drafts, and what waits or was refused. */
  states: Map<string, string>;
}

async function readDay(): Promise<KeptDay> {
  const tasks = await db.tasks.orderBy("order").toArray();
  const visits = new Map((await db.visits.toArray()).map((visit) => [visit.taskId, visit]));
  const states = new Map<string, string>();
  const finished = new Set<string>();
  for (const task of tasks) {
    const visit = visits.get(task.id);
    const state = visit && stateHere(visit, task);
    if (state) states.set(task.id, state);
    if (state === "waiting" || state === "submitted") finished.add(task.id);
  }
  return { tasks, fetchedAt: await fact("fetchedAt"), finished, states };
}

function stateHere(visit: Visit, task: Task): string | undefined {
  if (visit.state === "sealed") return "waiting";
  if (visit.state === "refused") return "refused";
  if (visit.state === "draft") return task.state === "assigned" && visit.arrivedAt ? "on_site" : undefined;
  const open = task.state === "assigned" || task.state === "on_site" || task.state === "returned";
  return open && !isReturned(task, visit) ? "submitted" : undefined;
}

function TourHead({ tasks, done }: { tasks: readonly Task[]; done: number }) {
  const tour = tasks.find((task) => task.tour)?.tour;
  if (!tour) return null;
  const all = tasks.filter((task) => task.state !== "cancelled").length;
  const degraded = tasks.some((task) => task.tour?.quality === "degraded");
  return (
    <section class="stack">
      <div class="card tour">
        <div class="tour-line">
          <b>{t("today.tour", { label: tour.label })}</b>
          <span class="muted num">{t("today.stops", { done, all })}</span>
        </div>
        <div class="progress">
          <span style={{ width: `${(100 * done) / Math.max(1, all)}%` }} />
        </div>
      </div>
      {degraded ? (
        <Notice tone="warn" title={t("today.degraded_title")}>
          <p>{t("today.degraded")}</p>
        </Notice>
      ) : null}
    </section>
  );
}

function Group({ title, tasks, states }: { title: string; tasks: readonly Task[]; states: Map<string, string> }) {
  if (!tasks.length) return null;
  return (
    <section>
      <h2 class="group">
        {title} <span class="muted num">{tasks.length}</span>
      </h2>
      <ol class="stops">
        {tasks.map((task) => (
          <Stop key={task.id} task={task} state={states.get(task.id) ?? task.state} />
        ))}
      </ol>
    </section>
  );
}

function Stop({ task, state }: { task: Task; state: string }) {
  const { entity, tour, due } = task;
  return (
    <li>
      <a class="card card-link stop" href={`#/visit/${task.id}`}>
        <span class="stop-time">{tour?.arrive == null ? <StopDue due={due} /> : <StopTime task={task} />}</span>
        <span class="stop-body">
          <b>{entity.name}</b>
          <span class="muted small">{entity.address}</span>
          <State state={state} />
        </span>
        <Icon name="chevronRight" />
      </a>
    </li>
  );
}

function StopTime({ task: { tour } }: { task: Task }) {
  return (
    <>
      <b class="num">{timeOfDay(tour?.arrive ?? 0)}</b>
      {tour?.depart == null ? null : <small class="num">–{timeOfDay(tour.depart)}</small>}
      {tour?.quality === "degraded" ? <small class="rough">{t("today.rough")}</small> : null}
    </>
  );
}

function StopDue({ due }: { due: string }) {
  return (
    <>
      <small>{t("today.due")}</small>
      <b class="num">{due.slice(5)}</b>
    </>
  );
}

function NoTasks({ fetched }: { fetched: boolean }) {
  return (
    <div class="empty">
      <Icon name="clipboardList" />
      <p>
        <b>{t("today.empty")}</b>
      </p>
      <p>{fetched ? t("today.empty_text") : t("today.never")}</p>
    </div>
  );
}

function Refresh({ fetchedAt }: { fetchedAt: string | undefined }) {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const [busy, setBusy] = useState(false);
  const refresh = async () => {
    setBusy(true);
    void kickNow();
    setProblem(await fetchTasks().then(() => null, asTold));
    setBusy(false);
  };
  return (
    <section class="refresh">
      {problem ? <Problem problem={problem} /> : null}
      <button type="button" class="button" disabled={busy} onClick={refresh}>
        <Icon name="refresh" />
        {t("refresh")}
      </button>
      {fetchedAt ? <p class="muted small">{t("today.fetched", { time: readable(fetchedAt, new Date()) })}</p> : null}
    </section>
  );
}

const NEARLY_FULL = 0.85;

function StorageWarning() {
  const used = useLive(async () => {
    await db.photos.count(); // look again whenever photos come or go
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    return quota ? usage / quota : 0;
  });
  if (!used || used < NEARLY_FULL) return null;
  return (
    <Notice tone="warn" title={t("today.storage_title")}>
      <p>{t("today.storage", { percent: Math.round(used * 100) })}</p>
    </Notice>
  );
}
