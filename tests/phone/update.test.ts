// A new version of the app: drafts of the version before are all there, and an old tab stands in nobody's way.
import "./stand";
import { Dexie } from "dexie";
import { beforeEach, describe, expect, it } from "vitest";
import { yieldToNewer } from "../../field_api/phone/net/update";
import { db } from "../../field_api/phone/store/db";
import { visitOf } from "../../field_api/phone/store/visits";
import { aPhoto, aVisit } from "./makers";

/** Tables as the first version of the app made them. */
const FIRST = {
  ...{ facts: "key", tasks: "id, order", checklists: "id", visits: "id, taskId, state" },
  ...{ photos: "id, taskId, state, sha256", arrivals: "id, taskId, state" },
};

const DRAFT = aVisit({ id: "v", taskId: "t", answers: { 3: { value: "no", remark: "未公示" } }, photoIds: ["p"] });

beforeEach(async () => {
  await db.delete();
});

it("a draft with its photos is there after an update that changed the database", async () => {
  const first = new Dexie("fieldlot");
  first.version(1).stores(FIRST);
  await first.table("visits").add(DRAFT);
  await first.table("photos").add(aPhoto({ id: "p", taskId: "t" }));
  first.close();
  await db.open();
  expect(await visitOf("t")).toEqual(DRAFT);
  expect(await new Response((await db.photos.get("p"))?.bytes as Blob).text()).toBe("photo");
});

describe("a tab that was left open on the old version", () => {
  it("lets go of the database for the newer one, loses nothing, and is loaded anew", async () => {
    let reloads = 0;
    location.reload = () => void reloads++;
    await db.open();
    await db.visits.add(DRAFT);
    yieldToNewer();
    const newer = new Dexie("fieldlot");
    newer.version(99).stores({ ...FIRST, more: "id" });
    expect(await newer.table("visits").get("v")).toEqual(DRAFT);
    expect([reloads, db.isOpen()]).toEqual([1, false]);
    newer.close();
  });
});
