// A record that came too late: seen by a person it asks for nothing more, stays on the phone, and a correction may follow.
import "./stand";
import { beforeEach, expect, it } from "vitest";
import { db } from "../../field_api/phone/store/db";
import { unsentWork } from "../../field_api/phone/store/handover";
import { isReturned, putAside, visitOf } from "../../field_api/phone/store/visits";
import { countUnsent } from "../../field_api/phone/ui/Sync";
import { aTask, aVisit } from "./makers";

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()));
});

it("put aside it is counted no more, but kept, shown, and handed over when the phone is revoked", async () => {
  await db.visits.add(aVisit({ id: "late", taskId: "t", state: "refused", body: "{}" }));
  expect(await countUnsent()).toEqual({ waiting: 0, refused: 1 });
  await putAside("late");
  expect(await countUnsent()).toEqual({ waiting: 0, refused: 0 });
  expect(await visitOf("t")).toMatchObject({ id: "late", state: "aside", body: "{}" });
  expect(await unsentWork()).toMatchObject([{ kind: "visit", id: "late" }]);
});

it("only what was refused can be put aside, and what is returned is corrected after it", async () => {
  await db.visits.add(aVisit({ id: "v", taskId: "t", state: "sealed" }));
  await putAside("v");
  expect((await db.visits.get("v"))?.state).toBe("sealed");
  const task = aTask({ id: "t", state: "returned" });
  expect(isReturned(task, aVisit({ id: "v", state: "aside" }))).toBe(true);
  expect(isReturned(task, aVisit({ id: "v", state: "refused" }))).toBe(false);
});
