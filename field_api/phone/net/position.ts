// Where the phone is: watched while a visit is open, never otherwise.
import { isoLocal } from "../rules/today";
import type { Fix } from "../store/db";

export type Position = { state: "locating" } | { state: "fix"; fix: Fix } | { state: "none" };

const PATIENCE_MS = 20_000;
/** A fix older than this is not where a photo was taken. */
const FRESH_MS = 2 * 60_000;

let latest: Fix | null = null;

/** Watch the position; `hear` gets every change. Returns how to stop. */
export function watchPosition(hear: (position: Position) => void): () => void {
  if (!navigator.geolocation) {
    hear({ state: "none" });
    return () => undefined;
  }
  hear({ state: "locating" });
  const watch = navigator.geolocation.watchPosition(
    (found) => {
      latest = fixOf(found);
      hear({ state: "fix", fix: latest });
    },
    () => hear({ state: "none" }),
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 5_000 },
  );
  return () => navigator.geolocation.clearWatch(watch);
}

function fixOf({ coords, timestamp }: GeolocationPosition): Fix {
  const { longitude: lon, latitude: lat, accuracy } = coords;
  return { lon, lat, accuracy, at: isoLocal(new Date(timestamp)) };
}

/** The last fix, if it is recent enough to belong to something that happens now. */
export function recentFix(): Fix | null {
  return latest && Date.now() - Date.parse(latest.at) < FRESH_MS ? latest : null;
}
