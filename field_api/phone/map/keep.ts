// Where maps lie on the phone, sealed: in its private file system, or in a cache of their own where that cannot be written.
import { lockMode, openText, sealText } from "../store/cipher";
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
  read: (name: string) => Promise<Blob | null>;
  write: (name: string, bytes: Blob) => Promise<void>;
  names: () => Promise<string[]>;
  remove: (name: string) => Promise<void>;
}

/** A tour's map, or null when there is none that this app can draw. */
export async function keptMap(tourId: string): Promise<KeptMap | null> {
  try {
    const file = await (await shelf()).read(tourId);
    const kept = JSON.parse(file ? await opened(file, tourId) : "null") as KeptMap | null;
    return kept && isPack(kept.pack) ? kept : null;
  } catch {
    return null; // a file that broke is fetched again
  }
}

/** Keep a tour's map in the place of an older one. */
export async function keepMap(tourId: string, kept: KeptMap): Promise<void> {
  await (await shelf()).write(tourId, sealed(JSON.stringify(kept), tourId));
}

/** Seal the maps that were kept before there was a PIN. */
export async function sealMaps(): Promise<void> {
  for (const name of await (await shelf()).names()) {
    const kept = await keptMap(name);
    if (kept) await keepMap(name, kept);
  }
}

/** No JSON begins so. */
const SEALED = 0;

function sealed(text: string, tourId: string): Blob {
  if (lockMode() === "none") return new Blob([text]);
  return new Blob([new Uint8Array([SEALED]), sealText(text, `maps/${tourId}`)]);
}

async function opened(file: Blob, tourId: string): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return bytes[0] === SEALED ? openText(bytes.subarray(1), `maps/${tourId}`) : new TextDecoder().decode(bytes);
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
      return file ? file.getFile() : null;
    },
    async write(name, bytes) {
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(bytes);
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
      return (await cache.match(address(name)))?.blob() ?? null;
    },
    write: (name, bytes) => cache.put(address(name), new Response(bytes)),
    async names() {
      return (await cache.keys()).map((request) => request.url.split("/").pop() ?? "");
    },
    async remove(name) {
      await cache.delete(address(name));
    },
  };
}
