// Today: the tour's tasks in order, with their times and states, and what needs attention first.
import { useState } from "preact/hooks";
import { kickNow } from "../net/queue";
import { fetchTasks } from "../net/tasks";
import { dayFacts, type Estimate, estimates, nowOn } from "../rules/estimate";
import { type Day, layOut, localDate, readable, timeOfDay, toursOf } from "../rules/today";
import { type KeptDay, readDay } from "../store/day";
import type { ProblemBody, Task } from "../types";
import { Arrival } from "../ui/Arrival";
import { asTold } from "../ui/failures";
import { Bar, Icon, Notice, Problem, State } from "../ui/parts";
import { StorageWarning } from "../ui/Storage";
import { SyncPill } from "../ui/Sync";
import { useLive, useNow, useOnline } from "../ui/useLive";
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
  const now = new Date(useNow());
  const date = now.toLocaleDateString(language() === "zh" ? "zh-CN" : "en-GB", DATE);
  if (!kept) return <Bar title={t("today.title")} sub={date} />;
  const day = layOut(kept.tasks, kept.finished, localDate(now));
  const when = estimatesOf(kept, now);
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
          <Group key={group} title={t(title)} tasks={day[group]} states={kept.states} when={when} />
        ))}
        {kept.tasks.length ? null : <NoTasks fetched={kept.fetchedAt !== undefined} />}
        <Refresh fetchedAt={kept.fetchedAt} />
      </main>
    </>
  );
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
        <a class="button button-wide" href="#/map">
          <Icon name="map" />
          {t("map.open")}
        </a>
      </div>
      {degraded ? (
        <Notice tone="warn" title={t("today.degraded_title")}>
          <p>{t("today.degraded")}</p>
        </Notice>
      ) : null}
    </section>
  );
}

/** Estimates for the stops of all tours, each tour by its own day. */
function estimatesOf({ tasks, seen }: KeptDay, now: Date): Map<string, Estimate> {
  const found = toursOf(tasks).map(({ id, date }) => {
    const stops = tasks.filter((task) => task.tour?.id === id);
    return estimates(dayFacts(stops, seen), nowOn(date, now.getTime()));
  });
  return new Map(found.flatMap((ones) => [...ones]));
}

interface GroupProps {
  title: string;
  tasks: readonly Task[];
  states: Map<string, string>;
  when: Map<string, Estimate>;
}

function Group({ title, tasks, states, when }: GroupProps) {
  if (!tasks.length) return null;
  return (
    <section>
      <h2 class="group">
        {title} <span class="muted num">{tasks.length}</span>
      </h2>
      <ol class="stops">
        {tasks.map((task) => (
          <Stop key={task.id} task={task} state={states.get(task.id) ?? task.state} estimate={when.get(task.id)} />
        ))}
      </ol>
    </section>
  );
}

const TO_COME = new Set(["assigned"]);

function Stop({ task, state, estimate }: { task: Task; state: string; estimate: Estimate | undefined }) {
  const { entity, tour, due } = task;
  return (
    <li>
      <a class="card card-link stop" href={`#/visit/${task.id}`}>
        <span class="stop-time">{tour?.arrive == null ? <StopDue due={due} /> : <StopTime task={task} />}</span>
        <span class="stop-body">
          <b>{entity.name}</b>
          <span class="muted small">{entity.address}</span>
          {estimate && TO_COME.has(state) ? (
            <Arrival estimate={estimate} degraded={tour?.quality === "degraded"} />
          ) : null}
          <State state={state} />
        </span>
        <Icon name="chevronRight" />
      </a>
    </li>
  );
}

/** When a stop is planned; its day too, unless that is today. */
function StopTime({ task: { tour } }: { task: Task }) {
  return (
    <>
      {tour && tour.date !== localDate(new Date()) ? <small class="num">{tour.date.slice(5)}</small> : null}
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
