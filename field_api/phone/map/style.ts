// How the map looks, in the colours of the one look: what MapLibre calls a style, without tiles, fonts or sprites.
import type {
  FilterSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { RoadKind } from "./pack";

export type Sources = Record<"roads" | "route" | "outlines" | "places", GeoJSONSourceSpecification>;

/** Width in pixels at zoom 9, 13 and 17, and the colour's token. */
const ROADS: Record<RoadKind, [number, number, number, string]> = {
  track: [0.2, 0.8, 2, "--line"],
  minor: [0.4, 1.4, 6, "--line"],
  middle: [0.8, 2.4, 9, "--line-strong"],
  major: [1.2, 3.5, 12, "--line-strong"],
};
const FONT = ["sans-serif"];
/** In letters: most stops are in a town, whose name would lie under their number. */
const BELOW_A_PIN: [number, number] = [0, 1.4];

/** A style over these sources; `colour` gives the value of a token as the page has it now. */
export function styleOf(sources: Sources, colour: (token: string) => string): StyleSpecification {
  const kinds = Object.keys(ROADS) as RoadKind[];
  return {
    version: 8,
    sources,
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--ground") } },
      ...kinds.map((kind) => road(kind, colour)),
      line("outline", "outlines", { "line-color": colour("--seal"), "line-width": 1.5, "line-dasharray": [4, 2] }),
      line("route", "route", { "line-color": colour("--accent"), "line-width": 4, "line-opacity": 0.75 }),
      names("villages", ["in", ["get", "kind"], ["literal", ["village", "hamlet"]]], 11, 11, colour),
      names("towns", ["in", ["get", "kind"], ["literal", ["city", "town"]]], 14, 0, colour),
    ],
  };
}

function line(id: string, source: keyof Sources, paint: object): LayerSpecification {
  return { id, source, type: "line", layout: { "line-cap": "round", "line-join": "round" }, paint };
}

function road(kind: RoadKind, colour: (token: string) => string): LayerSpecification {
  const [far, middle, near, token] = ROADS[kind];
  const width = ["interpolate", ["exponential", 1.5], ["zoom"], 9, far, 13, middle, 17, near];
  const dashes = kind === "track" ? { "line-dasharray": [3, 2] } : {};
  const paint = { "line-color": colour(token), "line-width": width, ...dashes };
  return { ...line(`road-${kind}`, "roads", paint), filter: ["==", ["get", "kind"], kind] } as LayerSpecification;
}

function names(
  id: string,
  filter: FilterSpecification,
  size: number,
  minzoom: number,
  colour: (token: string) => string,
): LayerSpecification {
  return {
    id,
    source: "places",
    type: "symbol",
    minzoom,
    filter,
    layout: {
      ...{ "text-field": ["get", "name"], "text-font": FONT, "text-size": size },
      ...{ "text-anchor": "top", "text-offset": BELOW_A_PIN },
    },
    paint: { "text-color": colour("--ink"), "text-halo-color": colour("--ground"), "text-halo-width": 1.5 },
  } as LayerSpecification;
}
