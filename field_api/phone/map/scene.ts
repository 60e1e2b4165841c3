// What a map shows, as plain values that either drawing takes: roads, way, names, borders, stops, oneself.
import type { Place } from "../rules/fence";
import { decode, type MapPack, type Point, type RoadKind } from "./pack";

/** A stop on the map, numbered as in the tour; `state` as the day's list shows it. */
export interface SceneStop {
  id: string;
  seq: number;
  name: string;
  place: Place;
  done: boolean;
  next: boolean;
}

export interface Scene {
  box: [number, number, number, number];
  roads: { kind: RoadKind; name: string; points: Point[] }[];
  route: Point[];
  outlines: Point[][];
  places: { kind: string; name: string; at: Point }[];
  depot: Point | null;
  stops: SceneStop[];
}

const MARGIN_DEG = 0.01;

/** The scene of a tour; without a pack only its stops, which the phone knows anyway. */
export function sceneOf(pack: MapPack | null, stops: readonly SceneStop[]): Scene {
  return {
    box: boxOf(pack, stops),
    roads: (pack?.roads ?? []).map(({ kind, name, line }) => ({ kind, name, points: decode(line) })),
    route: pack ? decode(pack.route) : [],
    outlines: (pack?.outlines ?? []).map(({ line }) => decode(line)),
    places: (pack?.places ?? []).map(({ kind, name, lon, lat }) => ({ kind, name, at: [lon, lat] })),
    depot: pack?.tour.depot ?? null,
    stops: [...stops],
  };
}

/** The box of the stops and the depot, with a margin; the pack's own where there are no stops. */
function boxOf(pack: MapPack | null, stops: readonly SceneStop[]): Scene["box"] {
  const points = stops.map(({ place }): Point => [place.lon, place.lat]);
  if (pack) points.push(pack.tour.depot);
  if (!stops.length && pack) return pack.box;
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [
    Math.min(...lons) - MARGIN_DEG,
    Math.min(...lats) - MARGIN_DEG,
    Math.max(...lons) + MARGIN_DEG,
    Math.max(...lats) + MARGIN_DEG,
  ];
}

/** Places on a flat picture: x to the east, y to the south, in one scale; good for the size of a county. */
export function flat(box: Scene["box"]): (point: Point) => [number, number] {
  const shrink = Math.cos((((box[1] + box[3]) / 2) * Math.PI) / 180);
  return ([lon, lat]) => [(lon - box[0]) * shrink * 10_000, (box[3] - lat) * 10_000];
}
