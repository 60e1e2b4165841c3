// How much room the phone still has for work, and when people should hear of it. Sizes are bytes.

export type Room = "ample" | "low" | "short";

/** As the browser estimates it; quota 0 where it does not say. */
export interface Estimate {
  usage: number;
  quota: number;
}

const NEARLY_FULL = 0.85;
const LOW = 100 * 2 ** 20;
const SHORT = 30 * 2 ** 20;
/** A photo of a phone's camera with its small picture, generously. */
const PHOTO = 5 * 2 ** 20;

/** `low`: enough for some visits; `short`: a visit's photos may not fit any more. */
export function roomOf({ usage, quota }: Estimate): Room {
  if (!quota) return "ample";
  const free = quota - usage;
  if (free < SHORT) return "short";
  return free < LOW || usage / quota > NEARLY_FULL ? "low" : "ample";
}

/** How many photos will still fit. */
export function photosLeft({ usage, quota }: Estimate): number {
  return Math.max(0, Math.floor((quota - usage) / PHOTO));
}

/** Does an error, of Dexie or of the browser, say that there is no room? */
export function isFull(error: unknown): boolean {
  if (error === null || typeof error !== "object") return false;
  const { name, inner, failures } = error as { name?: string; inner?: unknown; failures?: unknown };
  if (name === "QuotaExceededError" || (inner !== error && isFull(inner))) return true;
  return Array.isArray(failures) && failures.some(isFull);
}
