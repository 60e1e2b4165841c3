// Room on the phone: a small reserve lets what was typed still be kept when all else is full; losing everything is noticed.
import { type Estimate, isFull } from "../rules/room";
import { fact } from "./facts";
import { note } from "./log";

/** Not "fieldlot-…": the service worker drops older caches of that name. */
const RESERVE = "reserve-of-fieldlot";
const RESERVE_BYTES = 2 * 2 ** 20;
/** Says that this browser once kept an enrolled phone; no name, no task. */
const MARK = "fieldlot-enrolled";

let full = false;
const listeners = new Set<(full: boolean) => void>();

/** Keep something small. On a full phone the reserve is given up for it once, and people are told. */
export async function withRoom<T>(deed: () => PromiseLike<T>): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    if (!isFull(error)) throw error;
    tellFull();
    if (!(await dropReserve())) throw error;
    return await deed();
  }
}

/** Hear whether something could not be kept for want of room. Returns how to stop. */
export function onFull(listener: (full: boolean) => void): () => void {
  listeners.add(listener);
  listener(full);
  return () => void listeners.delete(listener);
}

/** Something could not be kept: say so until there is room again. */
export function tellFull(): void {
  if (full) return;
  become(true);
  void roomNow().then(({ usage, quota }) =>
    note("error", "storage_full", { used_bytes: usage, quota_bytes: quota, bytes: RESERVE_BYTES }),
  );
}

function become(now: boolean): void {
  full = now;
  for (const listener of listeners) listener(now);
}

/** Lay the reserve by, if it is not there; having done so, the phone is not full. Returns whether it is there. */
export async function keepReserve(): Promise<boolean> {
  try {
    const cache = await caches.open(RESERVE);
    if (!(await cache.match("/reserve"))) await cache.put("/reserve", new Response(new Uint8Array(RESERVE_BYTES)));
    if (full) become(false);
    return true;
  } catch {
    return false; // no room for it now; it is tried again
  }
}

async function dropReserve(): Promise<boolean> {
  return "caches" in globalThis && (await caches.delete(RESERVE).catch(() => false));
}

/** What the browser says of its room; zeros where it says nothing. */
export async function roomNow(): Promise<Estimate> {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return { usage, quota };
}

/** Ask the browser never to clear this by itself. Returns whether it promises so; null where it cannot. */
export async function keepForGood(): Promise<boolean | null> {
  const { storage } = navigator;
  if (!storage?.persist) return null;
  return (await storage.persisted()) || (await storage.persist().catch(() => false));
}

/** Remember, beside the database, that there is one. */
export function markEnrolled(): void {
  write(new Date().toISOString());
}

/** This browser gave up its phone, or emptied it, with everybody's knowledge. */
export function unmarkEnrolled(): void {
  write(null);
}

/** Since when a phone was kept here of which nothing is left, because somebody cleared the browser's data; or null. */
export async function clearedSince(): Promise<Date | null> {
  const at = Date.parse(read() ?? "");
  if (Number.isNaN(at) || (await fact("person"))) return null;
  return new Date(at);
}

function read(): string | null {
  try {
    return localStorage.getItem(MARK);
  } catch {
    return null;
  }
}

function write(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(MARK);
    else localStorage.setItem(MARK, value);
  } catch {
    // Without small marks the loss would go unnoticed, but nothing else changes.
  }
}
