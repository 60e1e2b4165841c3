// The map as a plain drawing, for phones without WebGL: the whole tour at once, without moving about.
import type { Place } from "../rules/fence";
import { t } from "../words";
import type { Point } from "./pack";
import { flat, type Scene, type SceneStop } from "./scene";

export interface DrawnProps {
  scene: Scene;
  me: Place | null;
  chosen: string | null;
  choose: (id: string) => void;
}

/** Kinds of roads from below to above. */
const LAYERS = ["track", "minor", "middle", "major"] as const;

export function SvgMap({ scene, me, chosen, choose }: DrawnProps) {
  const at = flat(scene.box);
  const [width, height] = at([scene.box[2], scene.box[1]]);
  const size = Math.max(width, height) / 100;
  const path = (points: readonly Point[]) => points.map((point, i) => `${i ? "L" : "M"}${fixed(at(point))}`).join("");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset
    <svg
      class="map-drawing"
      viewBox={`${-5 * size} ${-5 * size} ${width + 10 * size} ${height + 10 * size}`}
      role="group"
      aria-label={t("map.label")}
    >
      {LAYERS.map((kind) => (
        <path key={kind} class={`map-road-${kind}`} d={lines(scene, kind).map(path).join("")} />
      ))}
      <path class="map-outline" d={scene.outlines.map(path).join("")} />
      <path class="map-route" d={path(scene.route)} />
      {scene.places.filter(isTown).map(({ name, at: place }) => (
        <Name key={`${name}${place}`} name={name} at={at(place)} size={size * 2.6} />
      ))}
      {chosenLast(scene.stops, chosen).map((stop) => (
        <Stop key={stop.id} stop={stop} at={at([stop.place.lon, stop.place.lat])} size={size} {...{ chosen, choose }} />
      ))}
      {me ? <Me at={at([me.lon, me.lat])} size={size} /> : null}
    </svg>
  );
}

/** Villages would lie over each other where nobody can come nearer. */
function isTown({ kind }: Scene["places"][number]): boolean {
  return kind === "city" || kind === "town";
}

/** What is drawn last lies above the others, should several be at one place. */
function chosenLast(stops: readonly SceneStop[], chosen: string | null): SceneStop[] {
  return [...stops].sort((a, b) => Number(a.id === chosen) - Number(b.id === chosen));
}

function lines(scene: Scene, kind: string): Point[][] {
  return scene.roads.filter((road) => road.kind === kind).map((road) => road.points);
}

function fixed([x, y]: [number, number]): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function Name({ name, at: [x, y], size }: { name: string; at: [number, number]; size: number }) {
  return (
    <text class="map-name" x={x} y={y + 2.6 * size} font-size={size} text-anchor="middle">
      {name}
    </text>
  );
}

function Me({ at: [cx, cy], size }: { at: [number, number]; size: number }) {
  return (
    <circle class="map-me" cx={cx} cy={cy} r={size * 1.8}>
      <title>{t("map.me")}</title>
    </circle>
  );
}

interface StopProps extends Pick<DrawnProps, "chosen" | "choose"> {
  stop: SceneStop;
  at: [number, number];
  size: number;
}

function Stop({ stop, at: [x, y], size, chosen, choose }: StopProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") choose(stop.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside a drawing
    <g
      class={stopClass(stop, chosen)}
      role="button"
      tabIndex={0}
      aria-label={t("map.stop", { seq: stop.seq, name: stop.name })}
      onClick={() => choose(stop.id)}
      onKeyDown={press}
    >
      <circle cx={x} cy={y} r={size * 4} />
      <text x={x} y={y} dy="0.35em" font-size={size * 4.6} text-anchor="middle">
        {stop.seq}
      </text>
    </g>
  );
}

/** How a stop looks: done, next, chosen. */
export function stopClass(stop: SceneStop, chosen: string | null): string {
  const marks = [stop.done && "is-done", stop.next && "is-next", stop.id === chosen && "is-chosen"];
  return ["map-stop", ...marks.filter(Boolean)].join(" ");
}
