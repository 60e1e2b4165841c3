// Coordinates for other map apps: those in China show places by GCJ-02, not by WGS 84. The same as geo/crs.py.
import type { Place } from "./fence";

const AXIS_M = 6_378_245;
const ECCENTRICITY2 = 0.006693421622965943;

/** A WGS 84 place as apps that use GCJ-02 show it; outside China the two are one. */
export function toGcj02({ lon, lat }: Place): Place {
  if (!inChina(lon, lat)) return { lon, lat };
  const phi = (lat * Math.PI) / 180;
  const magic = 1 - ECCENTRICITY2 * Math.sin(phi) ** 2;
  const meridian = (AXIS_M * (1 - ECCENTRICITY2)) / magic ** 1.5;
  const parallel = (AXIS_M / Math.sqrt(magic)) * Math.cos(phi);
  const [x, y] = [lon - 105, lat - 35];
  return { lon: lon + degrees(eastM(x, y) / parallel), lat: lat + degrees(northM(x, y) / meridian) };
}

function inChina(lon: number, lat: number): boolean {
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

function degrees(turn: number): number {
  return (turn * 180) / Math.PI;
}

function eastM(x: number, y: number): number {
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return plain + ripple(x) + waves(x, [20, 1], [40, 1 / 3]) + waves(x, [150, 1 / 12], [300, 1 / 30]);
}

function northM(x: number, y: number): number {
  const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return plain + ripple(x) + waves(y, [20, 1], [40, 1 / 3]) + waves(y, [160, 1 / 12], [320, 1 / 30]);
}

function ripple(x: number): number {
  return waves(x, [20, 6], [20, 2]);
}

function waves(at: number, ...parts: [number, number][]): number {
  return (parts.reduce((sum, [size, rate]) => sum + size * Math.sin(at * rate * Math.PI), 0) * 2) / 3;
}
