// The service worker: keeps the app's own files, so that it opens without a network. It never touches the API.

interface Precache {
  version: string;
  files: string[];
}

/** Put in by the build: see precache in vite.config.ts. */
declare const __PRECACHE__: Precache;

const worker = self as unknown as ServiceWorkerGlobalScope;
const { version, files } = __PRECACHE__;
const CACHE = `fieldlot-${version}`;
/** The address itself and not index.html, which leads there: a browser takes no redirected answer for a page. */
const HOME = "/field/";
const KEPT = new Set(files.map((name) => (name === "index.html" ? HOME : `/field/${name}`)));

worker.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOlder().then(() => worker.clients.claim()));
});

// A new version waits until the person says so: see the update notice of the app.
worker.addEventListener("message", (event) => {
  if (event.data === "update") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  const page = request.mode === "navigate" && !pathname.startsWith("/field/v1/");
  const wanted = page ? HOME : pathname;
  if (page || KEPT.has(pathname)) event.respondWith(kept(wanted, request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...KEPT].map((path) => new Request(path, { cache: "reload" })));
}

async function dropOlder(): Promise<void> {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("fieldlot-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}
