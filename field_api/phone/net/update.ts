// New versions of the app: fetched in the background, put in place when the person agrees and nothing is under way.
import { inWeChat } from "../rules/browser";
import { db } from "../store/db";
import { isBusy } from "../ui/busy";

const LOOK_EVERY_MS = 3_600_000;
const BUSY_MS = 2_000;

let waiting: ServiceWorker | null = null;
let lookedAt = Date.now();
const listeners = new Set<(ready: boolean) => void>();

/** Register the service worker and notice when a new version waits. */
export function noteUpdate(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV || inWeChat(navigator.userAgent)) return;
  let asked = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) reloadWhenIdle();
    asked = true; // the very first worker takes over without a reload
  });
  navigator.serviceWorker
    .register("/field/sw.js", { scope: "/field/" })
    .then(watch)
    .catch((error) => console.error("worker_failed", error));
}

/** Load this tab anew, because another version of the app is in place; a recording comes to its end first. */
function reloadWhenIdle(): void {
  if (isBusy()) setTimeout(reloadWhenIdle, BUSY_MS);
  else location.reload();
}

/** Let go of the database when another tab, of a newer version, wants to change it; this tab is loaded anew then. */
export function yieldToNewer(): void {
  db.on("versionchange", ({ newVersion }: IDBVersionChangeEvent) => {
    db.close();
    if (newVersion) reloadWhenIdle(); // null: the phone is being emptied, and the tab that does it will tell
  });
}

function watch(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) found(installing);
    });
  });
  document.addEventListener("visibilitychange", () => void look(registration));
}

/** An installed app may stay open for days: whenever it is looked at, but once an hour at most, it asks. */
async function look(registration: ServiceWorkerRegistration): Promise<void> {
  if (document.visibilityState !== "visible" || Date.now() - lookedAt < LOOK_EVERY_MS) return;
  lookedAt = Date.now();
  await registration.update().catch(() => undefined); // no network: later
}

function found(worker: ServiceWorker): void {
  waiting = worker;
  for (const listener of listeners) listener(true);
}

/** Hear when a new version is ready. Returns how to stop. */
export function onUpdate(listener: (ready: boolean) => void): () => void {
  listeners.add(listener);
  listener(waiting !== null);
  return () => void listeners.delete(listener);
}

/** Put the new version in place; all tabs are loaded anew, drafts are in the database. Returns false when it must wait. */
export function update(): boolean {
  if (isBusy()) return false;
  waiting?.postMessage("update");
  return true;
}
