// The sealed store: nothing lies open once there is a PIN, all reads as before, and no end at any moment loses a row.
import "./stand";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { close, lockMode, openBytes, sealBytes } from "../../field_api/phone/store/cipher";
import { db, type Photo } from "../../field_api/phone/store/db";
import { fact, keepFact } from "../../field_api/phone/store/facts";
import { sweep } from "../../field_api/phone/store/sweep";
import { alterVault, changePin, choosePin, loadVault, lock, unlock } from "../../field_api/phone/store/vault";
import { answer } from "../../field_api/phone/store/visits";
import { aPhoto, aTask, aVisit } from "./makers";

const PIN = "482913";
vi.setConfig({ testTimeout: 60_000 }); // 600,000 rounds for each PIN take their time on a busy machine
const REMARK = "后厨有鼠迹";
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

/** Rows as the browser keeps them, beneath Dexie. */
function raw(table: string): Promise<Record<string, unknown>[]> {
  const store = db.backendDB().transaction(table).objectStore(table);
  return new Promise((done) => {
    const asked = store.getAll();
    asked.onsuccess = () => done(asked.result);
  });
}

/** Write a row beneath Dexie, as somebody would who has the files. */
function put(table: string, row: object): Promise<void> {
  const asked = db.backendDB().transaction(table, "readwrite").objectStore(table).put(row);
  return new Promise((done) => {
    asked.onsuccess = () => done();
  });
}

/** All that lies on the disk, as text; bytes as latin letters. */
async function onDisk(): Promise<string> {
  const parts: string[] = [];
  for (const table of db.tables) {
    for (const row of await raw(table.name)) {
      parts.push(JSON.stringify(row));
      for (const value of Object.values(row)) {
        if (value instanceof Blob) parts.push(Buffer.from(await value.arrayBuffer()).toString("latin1"));
      }
    }
  }
  return parts.join("\n");
}

async function fill(): Promise<void> {
  await keepFact("person", { id: "p", name: "李卫东", unit: "汉台区局" });
  await db.tasks.add({ ...aTask({ id: "t" }), order: 0 });
  const bytes = await sealBytes(new Blob([JPEG], { type: "image/jpeg" }));
  await db.photos.add(aPhoto({ id: "p1", bytes, thumb: bytes }));
  await db.visits.add(aVisit({ id: "v", photoIds: ["p1"], answers: { 1: { value: "no", remark: REMARK } } }));
}

async function readAll(): Promise<unknown> {
  const [visits, tasks, photos] = await Promise.all([db.visits.toArray(), db.tasks.toArray(), db.photos.toArray()]);
  const bytes = await Promise.all(photos.map(async (one) => one.bytes && (await openBytes(one.bytes)).arrayBuffer()));
  const hashes = bytes.map((one) => one && Buffer.from(one).toString("hex"));
  const plain = photos.map(({ bytes: _, thumb: __, ...known }) => known);
  return { visits, tasks, plain, hashes, person: await fact("person") };
}

beforeEach(async () => {
  await db.delete();
  close("none");
  await db.open();
});

describe("with a PIN", () => {
  it("nothing that people wrote, nor a photo, lies open", async () => {
    await choosePin(PIN);
    await fill();
    const disk = await onDisk();
    const shown = [REMARK, "李卫东", "老街面馆", Buffer.from(JPEG).toString("latin1")].filter((one) =>
      disk.includes(one),
    );
    expect(shown).toEqual([]);
    expect(disk).toContain('"state":"draft"'); // the looking itself works
  });

  it("rows read and change as they did without one, by key, index, cursor and in transactions", async () => {
    await choosePin(PIN);
    await fill();
    await answer("v", 2, { value: "yes" });
    await db.visits.update("v", { comment: "好" });
    await db.transaction("rw", db.visits, db.photos, async () => {
      const visit = await db.visits.get("v");
      await db.photos.bulkGet(visit?.photoIds ?? []);
      await db.visits.update("v", { step: 4 });
    });
    const [visit] = await db.visits
      .where("state")
      .equals("draft")
      .and((one) => one.comment === "好")
      .toArray();
    expect(visit?.answers).toEqual({ 1: { value: "no", remark: REMARK }, 2: { value: "yes", remark: "" } });
    expect([visit?.step, (await db.photos.where("taskId").equals("t").first())?.name]).toEqual([
      4,
      aPhoto({ id: "p1" }).name,
    ]);
    expect(
      await (await openBytes((await db.photos.get("p1"))?.bytes as Photo["bytes"] & object)).arrayBuffer(),
    ).toEqual(JPEG.buffer);
  });

  it("any row is read as it was written, and opens in its own place alone", async () => {
    await choosePin(PIN);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), async (answers, comment) => {
        const visit = { ...aVisit({ id: "any", comment }), formAnswers: answers as never };
        await db.visits.put(visit);
        expect(await db.visits.get("any")).toEqual(JSON.parse(JSON.stringify(visit)));
      }),
      { numRuns: 50 },
    );
    const [stored] = await raw("visits");
    await put("visits", { ...stored, id: "other" });
    await expect(db.visits.get("other")).rejects.toThrow();
  });

  it("bytes that nobody sealed are not kept", async () => {
    await choosePin(PIN);
    await expect(db.photos.add(aPhoto({ id: "x", bytes: new Blob(["open"]) }))).rejects.toThrow("seal bytes");
  });

  it("a locked phone counts what is unsent but reads and writes nothing", async () => {
    await choosePin(PIN);
    await fill();
    await loadVault();
    expect(lockMode()).toBe("locked");
    expect(await db.visits.where("state").equals("draft").count()).toBe(1);
    await expect(db.visits.get("v")).rejects.toThrow("locked");
    await expect(db.visits.add(aVisit({ id: "w" }))).rejects.toThrow("locked");
  });

  it("a photo that comes while the phone is locked waits for the PIN", async () => {
    await choosePin(PIN);
    lock();
    const sealed = sealBytes(new Blob(["late"]));
    await unlock(PIN);
    expect(await (await openBytes(await sealed)).text()).toBe("late");
  });
});

describe("the PIN", () => {
  it("opens what it closed, and another does not", async () => {
    await choosePin(PIN);
    await fill();
    const before = await readAll();
    await loadVault();
    expect(await unlock("482914")).toEqual({ is: "wrong", waitMs: 0 });
    expect(await unlock(PIN)).toEqual({ is: "open" });
    expect(await readAll()).toEqual(before);
  });

  it("waits longer after each wrong one, also after the app was ended, and loses nothing", async () => {
    await choosePin(PIN);
    await fill();
    for (const _ of [1, 2, 3]) await unlock("000001");
    expect((await fact("vault"))?.failures.count).toBe(3);
    await alterVault({ failures: { count: 3, at: Date.now() } });
    await loadVault(); // the app begins anew
    const answer = await unlock(PIN);
    expect(answer).toMatchObject({ is: "wait" });
    expect((answer as { waitMs: number }).waitMs).toBeGreaterThan(4_000);
    await alterVault({ failures: { count: 3, at: Date.now() - 5_001 } });
    expect(await unlock(PIN)).toEqual({ is: "open" });
    expect((await db.visits.get("v"))?.answers[1]?.remark).toBe(REMARK);
  });

  it("is counted once for each try, also when two tabs try at the same time", async () => {
    await choosePin(PIN);
    await loadVault();
    const answers = await Promise.all(["000001", "000002", "000003", "000004"].map(unlock));
    expect(answers.map((one) => one.is)).toEqual(["wrong", "wrong", "wrong", "wait"]);
    expect((await fact("vault"))?.failures.count).toBe(3);
  });

  it("can be changed by who knows it", async () => {
    await choosePin(PIN);
    await fill();
    expect(await changePin("999999", "730518")).toMatchObject({ is: "wrong" });
    expect(await changePin(PIN, "730518")).toEqual({ is: "open" });
    await loadVault();
    expect(await unlock(PIN)).toMatchObject({ is: "wrong" });
    expect(await unlock("730518")).toEqual({ is: "open" });
    expect(await db.visits.count()).toBe(1);
  });
});

/** The app ends at its n-th write, as by SIGKILL: that write and all after it never happen. */
function endAtWrite(n: number): () => void {
  const put = IDBObjectStore.prototype.put;
  let written = 0;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
    written += 1;
    if (written >= n) throw new DOMException("killed", "AbortError");
    return put.apply(this, given);
  };
  return () => {
    IDBObjectStore.prototype.put = put;
  };
}

it("what was kept before there was a PIN is sealed at last, wherever the app is ended on the way", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 4 }), async (ends) => {
      await db.delete();
      close("none");
      await db.open();
      await fill();
      const before = await readAll();
      await choosePin(PIN);
      for (const end of ends) {
        const restore = endAtWrite(end);
        await sweep().catch(() => undefined);
        restore();
        await loadVault();
        await unlock(PIN);
        expect(await readAll()).toEqual(before);
      }
      await sweep();
      expect(await readAll()).toEqual(before);
      expect(await onDisk()).not.toMatch(new RegExp(`${REMARK}|李卫东|老街面馆|ÿØÿ`));
      expect((await fact("vault"))?.swept).toBe(true);
    }),
    { numRuns: 12 },
  );
}, 180_000);
