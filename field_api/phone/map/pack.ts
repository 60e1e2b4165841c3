// A tour's map as the server packs it, and its lines as points. The encoding is geo/polyline.py's.
export type RoadKind = "major" | "middle" | "minor" | "track";
/** [lon, lat], WGS 84 degrees. */
export type Point = [number, number];

export interface MapPack {
  format: number;
  version: string;
  tour: { id: string; label: string; date: string; quality: string; depot: Point };
  /** West, south, east, north. */
  box: [number, number, number, number];
  route: string;
  roads: { kind: RoadKind; name: string; line: string }[];
  places: { kind: string; name: string; lon: number; lat: number }[];
  outlines: { code: string; name: string; name_en: string; line: string }[];
}

/** The newest layout that this app can draw. */
export const FORMAT = 1;

const STEPS = 100_000;

/** The points of a polyline text; what is broken off at its end is left out. */
export function decode(text: string): Point[] {
  const line: Point[] = [];
  let [lat, lon] = [0, 0];
  const steps = readSteps(text);
  for (let i = 0; i + 1 < steps.length; i += 2) {
    lat += steps[i] ?? 0;
    lon += steps[i + 1] ?? 0;
    line.push([lon / STEPS, lat / STEPS]);
  }
  return line;
}

function readSteps(text: string): number[] {
  const steps: number[] = [];
  let [value, scale] = [0, 1];
  for (let i = 0; i < text.length; i++) {
    const piece = text.charCodeAt(i) - 63;
    value += (piece & 0x1f) * scale;
    scale *= 32;
    if (piece >= 0x20) continue;
    steps.push(value % 2 ? -(value + 1) / 2 : value / 2);
    [value, scale] = [0, 1];
  }
  return steps;
}

/** Is this a pack that this app can draw? What was kept by another version of the app may not be. */
export function isPack(value: unknown): value is MapPack {
  const pack = value as MapPack | null;
  return (
    pack !== null &&
    typeof pack === "object" &&
    pack.format === FORMAT &&
    Array.isArray(pack.box) &&
    Array.isArray(pack.roads)
  );
}
