// Room on the phone: what was typed is still kept when all else is full, and people hear of it; a loss is noticed.
import "./stand";
import { beforeEach, describe, expect, it } from "vitest";
import { isFull, photosLeft, roomOf } from "../../field_api/phone/rules/room";
import { db } from "../../field_api/phone/store/db";
import { keepFact } from "../../field_api/phone/store/facts";
import { clearedSince, keepReserve, markEnrolled, onFull, unmarkEnrolled } from "../../field_api/phone/store/room";
import { answer } from "../../field_api/phone/store/visits";
import { aVisit } from "./makers";

const MB = 2 ** 20;

/** A disk of the phone: full as long as the reserve lies on it. */
let reserve = false;
let roomBeside = true;
const fullDisk = () => new DOMException("full", "QuotaExceededError");
const shelf = {
  match: async () => (reserve ? new Response("x") : undefined),
  put: async () => {
    if (!roomBeside) throw fullDisk();
    reserve = true;
  },
};
const drop = async () => {
  const was = reserve;
  reserve = false;
  return was;
};
const caches = { open: async () => shelf, delete: drop };

let told: boolean[];

beforeEach(async () => {
  Object.assign(globalThis, { caches });
  await Promise.all(db.tables.map((table) => table.clear()));
  roomBeside = true;
  reserve = false;
  await keepReserve();
  await db.visits.add(aVisit({ id: "v" }));
  told = [];
});

/** No row can be written, from now on until the reserve is gone. */
async function whileFull(deed: () => Promise<unknown>, evenWithout = false): Promise<unknown> {
  const refuse = () => {
    if (reserve || evenWithout) throw fullDisk();
  };
  const stop = onFull((full) => told.push(full));
  roomBeside = false;
  db.visits.hook("updating", refuse);
  const ended = await deed().catch((error) => error);
  db.visits.hook("updating").unsubscribe(refuse);
  stop();
  return ended;
}

describe("a full phone", () => {
  it("keeps an answer all the same, once, from the reserve, and says that it is full", async () => {
    await whileFull(() => answer("v", 1, { value: "no", remark: "奶油过期" }));
    expect((await db.visits.get("v"))?.answers[1]).toEqual({ value: "no", remark: "奶油过期" });
    expect([told, reserve]).toEqual([[false, true], false]);
  });

  it("says so when not even the reserve helps, and changes nothing of what was kept", async () => {
    const ended = await whileFull(() => answer("v", 1, { value: "no" }), true);
    expect([isFull(ended), (await db.visits.get("v"))?.answers]).toEqual([true, {}]);
  });

  it("is full no longer once there is room for a new reserve", async () => {
    await whileFull(() => answer("v", 1, { value: "no" }));
    expect(await keepReserve()).toBe(false);
    roomBeside = true;
    expect([await keepReserve(), reserve]).toEqual([true, true]);
    onFull((full) => told.push(full))();
    expect(told.at(-1)).toBe(false);
  });
});

describe("room", () => {
  it("runs low by share or by size, and browsers that say nothing frighten nobody", () => {
    const quota = 2000 * MB;
    const rooms = [0, 1000, 1800, 1980].map((used) => roomOf({ usage: used * MB, quota }));
    expect(rooms).toEqual(["ample", "ample", "low", "short"]);
    expect(roomOf({ usage: 0, quota: 0 })).toBe("ample");
    expect([photosLeft({ usage: 1980 * MB, quota }), photosLeft({ usage: quota + 1, quota })]).toEqual([4, 0]);
  });

  it.each([
    [fullDisk(), true],
    [{ name: "AbortError", inner: fullDisk() }, true],
    [{ name: "BulkError", failures: [fullDisk()] }, true],
    [new TypeError("other"), false],
    [null, false],
  ])("knows a full disk by %s", (error, full) => expect(isFull(error)).toBe(full));
});

describe("a browser whose data was cleared", () => {
  it("is noticed, since when", async () => {
    markEnrolled();
    expect((await clearedSince())?.getFullYear()).toBe(new Date().getFullYear());
  });

  it("is not taken for one that still has its phone, or gave it up", async () => {
    markEnrolled();
    await keepFact("person", { id: "p", name: "n", unit: "u" });
    expect(await clearedSince()).toBeNull();
    await db.facts.clear();
    unmarkEnrolled();
    expect(await clearedSince()).toBeNull();
  });
});
