// Where maps lie on the phone: in its private file system, or in a cache of their own where that cannot be written.
import { isPack, type MapPack } from "./pack";

const FOLDER = "maps";
/** Not named like the app's own caches, which the service worker clears. */
const CACHE = "maps-of-fieldlot";

/** A map and when it was fetched, in milliseconds by the phone's clock. */
export interface KeptMap {
  fetchedAt: number;
  pack: MapPack;
}

interface Shelf {
  read: (name: string) => Promise<string | null>;
  write: (name: string, text: string) => Promise<void>;
  names: () => Promise<string[]>;
  remove: (name: string) => Promise<void>;
}

/** A tour's map, or null when there is none that this app can draw. */
export async function keptMap(tourId: string): Promise<KeptMap | null> {
  try {
    const kept = JSON.parse((await (await shelf()).read(tourId)) ?? "null") as KeptMap | null;
    return kept && isPack(kept.pack) ? kept : null;
  } catch {
    return null; // a file that broke is fetched again
  }
}

/** Keep a tour's map in the place of an older one. */
export async function keepMap(tourId: string, kept: KeptMap): Promise<void> {
  await (await shelf()).write(tourId, JSON.stringify(kept));
}

/** Drop the maps of all tours but these; without any, all maps: a phone that is wiped keeps none. */
export async function dropMaps(but: readonly string[] = []): Promise<void> {
  const place = await shelf();
  for (const name of await place.names()) if (!but.includes(name)) await place.remove(name);
}

async function shelf(): Promise<Shelf> {
  try {
    const root = await navigator.storage.getDirectory();
    // Safari reads these files, but its pages long could not write them.
    if ("createWritable" in FileSystemFileHandle.prototype) return inFolder(root);
  } catch {
    // No private file system here: older browsers, private windows.
  }
  return inCache(await caches.open(CACHE));
}

async function inFolder(root: FileSystemDirectoryHandle): Promise<Shelf> {
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  return {
    async read(name) {
      const file = await folder.getFileHandle(name).catch(() => null);
      return file ? (await file.getFile()).text() : null;
    },
    async write(name, text) {
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(text);
      await file.close(); // only now the older one is replaced
    },
    async names() {
      const found: string[] = [];
      for await (const name of (folder as unknown as { keys: () => AsyncIterable<string> }).keys()) found.push(name);
      return found;
    },
    remove: (name) => folder.removeEntry(name),
  };
}

function inCache(cache: Cache): Shelf {
  const address = (name: string) => `/field/maps/${name}`;
  return {
    async read(name) {
      return (await cache.match(address(name)))?.text() ?? null;
    },
    write: (name, text) => cache.put(address(name), new Response(text)),
    async names() {
      return (await cache.keys()).map((request) => request.url.split("/").pop() ?? "");
    },
    async remove(name) {
      await cache.delete(address(name));
    },
  };
}
