// The tour on a map: roads and names from the pack that the phone carries, the stops, and oneself.
import { useEffect, useMemo, useState } from "preact/hooks";
import { keptMap } from "../map/keep";
import type { MapPack } from "../map/pack";
import { type SceneStop, sceneOf } from "../map/scene";
import { TourMap } from "../map/TourMap";
import { type Position, watchPosition } from "../net/position";
import { dayFacts, type Estimate, estimates, nowOn } from "../rules/estimate";
import { mapApps } from "../rules/navigate";
import { isDone, toursOf } from "../rules/today";
import { type KeptDay, readDay } from "../store/day";
import type { Task } from "../types";
import { Arrival } from "../ui/Arrival";
import { Bar, Icon, Notice } from "../ui/parts";
import { useLive, useNow } from "../ui/useLive";
import { t } from "../words";

export function MapScreen({ tourId }: { tourId: string | null }) {
  const day = useLive(readDay);
  if (!day) return <Bar title={t("map.title")} back="#/" />;
  const tours = toursOf(day.tasks);
  const id = tourId ?? tours[0]?.id;
  const tour = tours.find((one) => one.id === id);
  return (
    <>
      <Bar title={t("map.title")} sub={tour ? `${tour.label} · ${tour.date}` : ""} back="#/" />
      <main class="screen map-screen">
        {tour ? <Tour key={tour.id} day={day} tourId={tour.id} /> : <Notice tone="info" title={t("map.no_tour")} />}
      </main>
    </>
  );
}

function Tour({ day, tourId }: { day: KeptDay; tourId: string }) {
  const pack = usePack(tourId);
  const me = usePosition();
  const [chosen, choose] = useState<string | null>(null);
  const tasks = day.tasks.filter((task) => task.tour?.id === tourId && task.state !== "cancelled");
  const stops = stopsOf(tasks, day);
  const wires = JSON.stringify(stops);
  const scene = useMemo(() => sceneOf(pack ?? null, stops), [pack, wires]);
  const task =
    tasks.find((one) => one.id === chosen) ?? tasks.find((one) => stops.some((s) => s.next && s.id === one.id));
  const when = useEstimates(tasks, day);
  if (pack === undefined) return <p class="empty">{t("loading")}</p>;
  return (
    <>
      {pack ? null : <Notice tone="info" title={t("map.no_pack")} />}
      {stops.length || pack ? <TourMap scene={scene} me={me} chosen={task?.id ?? null} choose={choose} /> : null}
      {task ? <Chosen key={task.id} task={task} estimate={when.get(task.id)} /> : null}
      <StopList tasks={tasks} choose={choose} when={when} />
    </>
  );
}

/** The kept map; undefined while it is looked for. */
function usePack(tourId: string): MapPack | null | undefined {
  const [pack, setPack] = useState<MapPack | null>();
  useEffect(() => void keptMap(tourId).then((kept) => setPack(kept?.pack ?? null)), [tourId]);
  return pack;
}

function usePosition() {
  const [position, setPosition] = useState<Position>({ state: "locating" });
  useEffect(() => watchPosition(setPosition), []);
  return position.state === "fix" ? position.fix : null;
}

function useEstimates(tasks: readonly Task[], day: KeptDay): Map<string, Estimate> {
  const now = useNow();
  const date = tasks[0]?.tour?.date ?? "";
  return estimates(dayFacts(tasks, day.seen), nowOn(date, now));
}

/** The stops whose place is known; the first that is not done is the next. */
function stopsOf(tasks: readonly Task[], day: KeptDay): SceneStop[] {
  const done = (task: Task) => day.finished.has(task.id) || isDone(task);
  const next = tasks.find((task) => !done(task))?.id;
  return tasks.flatMap((task) => {
    const { lon, lat, name } = task.entity;
    if (lon === null || lat === null) return [];
    return [
      { id: task.id, seq: task.tour?.seq ?? 0, name, place: { lon, lat }, done: done(task), next: task.id === next },
    ];
  });
}

function Chosen({ task, estimate }: { task: Task; estimate: Estimate | undefined }) {
  const [asked, ask] = useState(false);
  const { entity, tour } = task;
  const place = entity.lon === null || entity.lat === null ? null : { lon: entity.lon, lat: entity.lat };
  return (
    <section class="card stack" aria-live="polite">
      <h2>
        {tour?.seq}. {entity.name}
      </h2>
      <p class="muted small">{entity.address}</p>
      {estimate ? <Arrival estimate={estimate} degraded={tour?.quality === "degraded"} /> : null}
      <div class="map-acts">
        <a class="button button-primary" href={`#/visit/${task.id}`}>
          {t("map.visit")}
        </a>
        {place ? (
          <button type="button" class="button" aria-expanded={asked} onClick={() => ask(!asked)}>
            <Icon name="navigation" />
            {t("map.navigate")}
          </button>
        ) : null}
      </div>
      {asked && place ? <Apps place={place} name={entity.name} /> : null}
    </section>
  );
}

function Apps({ place, name }: { place: { lon: number; lat: number }; name: string }) {
  return (
    <>
      <p class="field-hint">{t("map.apps_hint")}</p>
      <ul class="map-apps plain">
        {mapApps(place, name).map((app) => (
          <li key={app.name}>
            <a class="button button-wide" href={app.href} target="_blank" rel="noopener noreferrer">
              {t(app.name)}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ListProps {
  tasks: readonly Task[];
  when: ReadonlyMap<string, Estimate>;
  choose: (id: string) => void;
}

/** The same stops as a list: for who does not see the map, and for stops whose place nobody knows. */
function StopList({ tasks, when, choose }: ListProps) {
  return (
    <ol class="stops" aria-label={t("map.stops")}>
      {tasks.map((task) => (
        <li key={task.id}>
          <button type="button" class="card card-link stop map-row" onClick={() => choose(task.id)}>
            <b class="num">{task.tour?.seq}</b>
            <span class="stop-body">
              <b>{task.entity.name}</b>
              {task.entity.lon === null ? <span class="muted small">{t("map.no_place")}</span> : null}
              <When task={task} estimate={when.get(task.id)} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function When({ task, estimate }: { task: Task; estimate: Estimate | undefined }) {
  return estimate ? <Arrival estimate={estimate} degraded={task.tour?.quality === "degraded"} /> : null;
}
