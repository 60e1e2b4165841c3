// Sealing what was kept before there was a PIN: row by row, each in a transaction of its own, again after any end.
import type { Table } from "dexie";
import { sealMaps } from "../map/keep";
import { lockMode, sealBytes } from "./cipher";
import { db, type Photo } from "./db";
import { alterVault, theVault } from "./vault";

const LOCK = "fieldlot-sweep";

/** Seal all that still lies open. Cheap once it is done; ended in the middle it goes on at the next unlocking. */
export async function sweep(): Promise<void> {
  if (lockMode() !== "open" || (await theVault()).swept) return;
  await navigator.locks.request(LOCK, sweepAll);
}

async function sweepAll(): Promise<void> {
  for (const table of db.tables) {
    for (const key of await table.toCollection().primaryKeys()) {
      if (table.name === "photos") await sealPhoto(key as string);
      else await rewrite(table, key as string);
    }
  }
  await sealMaps();
  await alterVault({ swept: true });
}

/** Reading and writing in one transaction; the layer below seals what it writes. */
function rewrite(table: Table<object, string>, key: string): Promise<void> {
  return db.transaction("rw", table, async () => {
    const row = await table.get(key);
    if (row) await table.put(row);
  });
}

/** A photo's bytes are sealed before the transaction, which takes them only if nothing changed meanwhile. */
async function sealPhoto(id: string): Promise<void> {
  const seen = await db.photos.get(id);
  if (!seen) return;
  const [bytes, thumb] = await Promise.all([sealedOrNull(seen.bytes), sealedOrNull(seen.thumb)]);
  await db.transaction("rw", db.photos, async () => {
    const now = await db.photos.get(id);
    if (now) await db.photos.put({ ...now, bytes: now.bytes && bytes, thumb: now.thumb && thumb });
  });
}

function sealedOrNull(kept: Photo["bytes"]): Promise<Blob | null> {
  return kept ? sealBytes(kept as Blob) : Promise.resolve(null);
}
