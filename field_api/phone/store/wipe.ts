// Emptying the phone: database, caches, private files. What remains is one mark that says so, without a name.
import { db } from "./db";
import { unmarkEnrolled } from "./room";

const MARK = "fieldlot-emptied";

/** Wipe everything local. The mark is set first: whatever ends in the middle, the screen knows what was begun. */
export async function wipe(now: Date): Promise<void> {
  localStorage.setItem(MARK, now.toISOString());
  unmarkEnrolled();
  await dropCaches();
  await dropFiles();
  await db.delete(); // identity and keys go last: until here all can be begun again
}

/** When this phone was emptied, or null; enrolling it anew takes the mark away. */
export function emptiedAt(): Date | null {
  const at = Date.parse(read() ?? "");
  return Number.isNaN(at) ? null : new Date(at);
}

export function forgetEmptied(): void {
  localStorage.removeItem(MARK);
}

function read(): string | null {
  try {
    return localStorage.getItem(MARK);
  } catch {
    return null;
  }
}

async function dropCaches(): Promise<void> {
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) await caches.delete(name);
}

async function dropFiles(): Promise<void> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  if (!root) return;
  const names: string[] = [];
  for await (const name of (root as unknown as { keys: () => AsyncIterable<string> }).keys()) names.push(name);
  for (const name of names) await root.removeEntry(name, { recursive: true });
}
