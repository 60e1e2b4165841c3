// New versions of the app: fetched in the background, put in place when the person agrees.

let waiting: ServiceWorker | null = null;
const listeners = new Set<(ready: boolean) => void>();

/** Register the service worker and notice when a new version waits. */
export function noteUpdate(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  let asked = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    asked = true; // the very first worker takes over without a reload
  });
  navigator.serviceWorker
    .register("/field/sw.js", { scope: "/field/" })
    .then(watch)
    .catch((error) => console.error("worker_failed", error));
}

function watch(registration: ServiceWorkerRegistration): void {
  if (registration.waiting) found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) found(installing);
    });
  });
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

/** Put the new version in place; the page is loaded anew, drafts are in the database. */
export function update(): void {
  waiting?.postMessage("update");
}
