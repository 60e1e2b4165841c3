// Is the phone at the site? The same rule as the server's (DOMAIN §7.4): it asks for a reason, it never blocks.

export const NEAR_M = 150;
const VAGUE_M = 1000;
const EARTH_M = 6_371_008.8;

export interface Place {
  lon: number;
  lat: number;
}

export interface Fence {
  inside: boolean;
  distanceM: number;
  /** The fix is so inaccurate that the verdict carries little weight. */
  vague: boolean;
}

/** Great-circle distance in metres between two places in WGS 84 degrees. */
export function distanceM(from: Place, to: Place): number {
  const turn = Math.PI / 180;
  const north = Math.sin(((to.lat - from.lat) * turn) / 2) ** 2;
  const east = Math.sin(((to.lon - from.lon) * turn) / 2) ** 2;
  const across = north + Math.cos(from.lat * turn) * Math.cos(to.lat * turn) * east;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(across)));
}

/** Judge a fix: inside when distance ≤ max(150 m, 2 × accuracy); accuracy in metres. */
export function atSite(fix: Place, accuracyM: number, site: Place): Fence {
  const known = Number.isFinite(accuracyM) && accuracyM >= 0 ? accuracyM : null;
  const away = distanceM(fix, site);
  return { inside: away <= Math.max(NEAR_M, 2 * (known ?? 0)), distanceM: away, vague: (known ?? Infinity) > VAGUE_M };
}
