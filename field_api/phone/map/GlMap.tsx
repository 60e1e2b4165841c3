// The map by MapLibre: our own layers alone, nothing from outside, letters drawn by the phone's own fonts.
import {
  type GeoJSONSourceSpecification,
  LngLatBounds,
  Map as MapLibre,
  Marker,
  NavigationControl,
  type StyleSpecification,
  setWorkerUrl,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import type { Point } from "./pack";
import { type DrawnProps, stopClass } from "./SvgMap";
import type { Scene } from "./scene";
import { styleOf } from "./style";

setWorkerUrl(worker);

interface Props extends DrawnProps {
  /** WebGL said no after all. */
  failed: () => void;
}

export default function GlMap({ scene, me, chosen, choose, failed }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  useEffect(() => {
    const made = holder.current && open(holder.current, scene, failed);
    if (!made) return;
    setMap(made);
    return () => made.remove();
  }, [scene]);
  useEffect(() => (map ? mark(map, scene, chosen, choose) : undefined), [map, scene, chosen]);
  useEffect(() => (map && me ? markMe(map, [me.lon, me.lat]) : undefined), [map, me?.lon, me?.lat]);
  useEffect(() => (map ? followTheme(map, scene) : undefined), [map, scene]);
  return <section class="map-gl" ref={holder} aria-label={t("map.label")} />;
}

function open(container: HTMLElement, scene: Scene, failed: () => void): MapLibre | null {
  try {
    const [west, south, east, north] = scene.box;
    const map = new MapLibre({
      container,
      style: style(scene),
      bounds: new LngLatBounds([west, south], [east, north]),
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
      locale: { "NavigationControl.ZoomIn": t("map.nearer"), "NavigationControl.ZoomOut": t("map.farther") },
    });
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    container.setAttribute("aria-busy", "true");
    map.once("idle", () => container.removeAttribute("aria-busy"));
    return map;
  } catch (error) {
    console.warn("map_without_webgl", error);
    failed();
    return null;
  }
}

function style(scene: Scene): StyleSpecification {
  return styleOf(
    {
      roads: features(scene.roads.map(({ kind, name, points }) => [points, { kind, name }])),
      route: features([[scene.route, {}]]),
      outlines: features(scene.outlines.map((points) => [points, {}])),
      places: pointsOf(scene),
    },
    (token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim(),
  );
}

function features(lines: [Point[], Record<string, string>][]): GeoJSONSourceSpecification {
  const made = lines.map(([coordinates, properties]) => {
    return { type: "Feature" as const, properties, geometry: { type: "LineString" as const, coordinates } };
  });
  return {
    type: "geojson",
    data: { type: "FeatureCollection", features: made.filter((f) => f.geometry.coordinates.length > 1) },
  };
}

function pointsOf({ places }: Scene): GeoJSONSourceSpecification {
  const made = places.map(({ kind, name, at }) => {
    return {
      type: "Feature" as const,
      properties: { kind, name },
      geometry: { type: "Point" as const, coordinates: at },
    };
  });
  return { type: "geojson", data: { type: "FeatureCollection", features: made } };
}

/** Stops as buttons, which a thumb, a keyboard and a screen reader find. Returns how to take them away. */
function mark(map: MapLibre, scene: Scene, chosen: string | null, choose: (id: string) => void): () => void {
  const markers = scene.stops.map((stop) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `${stopClass(stop, chosen)} map-pin`;
    button.textContent = String(stop.seq);
    button.addEventListener("click", () => choose(stop.id));
    const marker = new Marker({ element: button }).setLngLat([stop.place.lon, stop.place.lat]).addTo(map);
    button.setAttribute("aria-label", t("map.stop", { seq: stop.seq, name: stop.name })); // MapLibre puts its own word there
    return marker;
  });
  return () => {
    for (const marker of markers) marker.remove();
  };
}

function markMe(map: MapLibre, at: Point): () => void {
  const dot = document.createElement("span");
  dot.className = "map-dot";
  const marker = new Marker({ element: dot }).setLngLat(at).addTo(map);
  dot.setAttribute("role", "img");
  dot.setAttribute("aria-label", t("map.me"));
  return () => void marker.remove();
}

/** The same map in the other light when the phone turns to it. */
function followTheme(map: MapLibre, scene: Scene): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const turn = () => map.setStyle(style(scene));
  dark.addEventListener("change", turn);
  return () => dark.removeEventListener("change", turn);
}
