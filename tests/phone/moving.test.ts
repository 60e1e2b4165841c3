// Drafts that move between two phones: whole, once, never filled in on both, whatever is lost on the way.
import "./stand";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { bringHere, fetchBack, moveAway, tendMoves } from "../../field_api/phone/net/moving";
import { db } from "../../field_api/phone/store/db";
import { keepFact } from "../../field_api/phone/store/facts";
import { isTaken, openVisit, visitOf } from "../../field_api/phone/store/visits";
import { aPhoto, aTask, aVisit } from "./makers";

interface Draft {
  holder: string;
  taken: boolean;
  body: { task_id: string; visit: string; photos: { id: string; sha256: string }[] };
  photos: Map<string, string>;
}

const aProblem = (code: string, status: number) => {
  const words = { title: code, detail: code };
  return Response.json({ code, status, ...words, zh: words, en: words }, { status });
};

/** Keeps parked drafts as the field API does; `loses` loses an answer after the deed. */
class Server {
  drafts = new Map<string, Draft>();
  phone = "old";
  calls: string[] = [];
  loses: (call: string) => boolean = () => false;
  refuses: (call: string) => Response | null = () => null;

  async fetch(path: string, { method = "GET", body }: RequestInit): Promise<Response> {
    const call = `${method} ${path.slice("/field/v1".length)}`;
    this.calls.push(call);
    const [, , id = "", , photo = ""] = path.slice("/field/v1".length).split("/");
    const answer = this.refuses(call) ?? (await this.answer(method, id, photo, call, body));
    if (this.loses(call)) throw new TypeError("the answer was lost");
    return answer;
  }

  async answer(method: string, id: string, photo: string, call: string, body: unknown): Promise<Response> {
    const draft = this.drafts.get(id);
    if (!id)
      return Response.json({
        drafts: [...this.drafts.keys()].filter((k) => !this.drafts.get(k)?.taken).map((k) => this.view(k)),
      });
    if (method === "PUT" && !photo) return this.park(id, String(body));
    if (!draft) return aProblem("not-found", 404);
    if (call.endsWith("/taken")) return this.take(draft);
    if (draft.taken) return aProblem("draft-moved", 409);
    if (!photo) return Response.json({ ...draft.body, ...this.view(id) });
    if (method === "PUT") draft.photos.set(photo, await (body as Blob).text());
    return method === "PUT" ? Response.json({}) : new Response(draft.photos.get(photo));
  }

  park(id: string, text: string): Response {
    const known = this.drafts.get(id);
    if (known && known.holder !== this.phone) return aProblem("draft-moved", 409);
    const same = known && !known.taken && JSON.stringify(known.body) === text;
    if (!same) this.drafts.set(id, { holder: this.phone, taken: false, body: JSON.parse(text), photos: new Map() });
    return Response.json(this.view(id));
  }

  take(draft: Draft): Response {
    if (draft.taken) return draft.holder === this.phone ? Response.json({}) : aProblem("draft-moved", 409);
    Object.assign(draft, { taken: true, holder: this.phone });
    return Response.json({});
  }

  view(id: string): object {
    const { holder, body, photos } = this.drafts.get(id) as Draft;
    const missing = body.photos.filter((one) => !photos.has(one.id)).map((one) => one.id);
    return {
      visit_id: id,
      task_id: body.task_id,
      parked_at: "2026-11-23T09:00:00Z",
      photos: body.photos,
      missing,
      here: holder === this.phone,
    };
  }
}

/** Put one phone's store away and take out the other's. */
class Phones {
  kept = new Map<string, Map<string, unknown[]>>();

  async use(name: string): Promise<void> {
    const rows = await Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const));
    this.kept.set(server.phone, new Map(rows));
    server.phone = name;
    for (const table of db.tables) {
      await table.clear();
      await table.bulkAdd((this.kept.get(name)?.get(table.name) ?? []) as never[]);
    }
    await speaks();
  }
}

async function speaks(): Promise<void> {
  await keepFact("person", { id: "p", name: "n", unit: "u" });
  await keepFact("token", { token: "t", expiresAt: "2999-01-01T00:00:00Z" });
  await db.checklists.put({ id: "c" } as never);
  await db.tasks.put({ ...aTask({ id: "t" }), order: 0 });
}

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const ANSWERS = { 1: { value: "no" as const, remark: "奶油过期" } };
const state = async () => (await db.visits.get("v"))?.state;

let server: Server;
let phones: Phones;

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()));
  server = new Server();
  phones = new Phones();
  globalThis.fetch = ((path: string, init: RequestInit) => server.fetch(path, init)) as typeof fetch;
  await speaks();
  await db.visits.add(aVisit({ id: "v", taskId: "t", answers: ANSWERS, photoIds: ["p1", "p2"] }));
  await db.photos.add(
    aPhoto({ id: "p1", taskId: "t", bytes: new Blob(["one"]), sha256: sha("one"), state: "waiting" }),
  );
  await db.photos.add(aPhoto({ id: "p2", taskId: "t", bytes: new Blob(["two"]), sha256: sha("two") }));
});

describe("a draft", () => {
  it("moves whole to the other phone, and the old one keeps no more than a mark of it", async () => {
    await moveAway("v");
    expect([await state(), (await db.photos.get("p1"))?.state]).toEqual(["moved", "kept"]);
    await phones.use("new");
    await bringHere("v");
    expect([await state(), (await db.visits.get("v"))?.answers]).toEqual(["draft", ANSWERS]);
    const photos = await db.photos.bulkGet(["p1", "p2"]);
    expect(await Promise.all(photos.map((photo) => new Response(photo?.bytes as Blob).text()))).toEqual(["one", "two"]);
    await phones.use("old");
    await tendMoves();
    expect([await state(), await db.photos.count(), await isTaken(aTask({ id: "t" }))]).toEqual(["taken", 0, true]);
    expect(await visitOf("t")).toBeUndefined();
  });

  it("can be taken back until another phone has taken it", async () => {
    await moveAway("v");
    await fetchBack("v");
    expect([await state(), (await db.visits.get("v"))?.answers]).toEqual(["draft", ANSWERS]);
    await moveAway("v");
    await phones.use("new");
    await bringHere("v");
    await phones.use("old");
    await expect(fetchBack("v")).rejects.toThrow("draft-moved");
    expect(await state()).toBe("taken");
  });

  it("moves there and back again", async () => {
    await moveAway("v");
    await phones.use("new");
    await bringHere("v");
    await moveAway("v");
    await phones.use("old");
    await tendMoves();
    await bringHere("v");
    expect([await state(), (await db.visits.get("v"))?.answers]).toEqual(["draft", ANSWERS]);
    expect((await db.photos.toArray()).filter((photo) => photo.bytes)).toHaveLength(2);
  });

  it("stays where it is, and says why, when the server does not take it", async () => {
    server.refuses = (call) => (call === "PUT /drafts/v" ? aProblem("too-many-drafts", 409) : null);
    await moveAway("v");
    expect([await state(), (await db.visits.get("v"))?.problem?.code]).toEqual(["draft", "too-many-drafts"]);
  });

  it("is not locked where there is no network", async () => {
    server.loses = () => true;
    await expect(moveAway("v")).rejects.toThrow();
    expect(await state()).toBe("draft");
  });
});

describe("the phone that takes a draft", () => {
  it("lets an untouched draft of its own give way, and nothing that somebody filled in", async () => {
    await moveAway("v");
    await phones.use("new");
    const own = await openVisit(aTask({ id: "t" }));
    await bringHere("v");
    expect([await db.visits.get(own.id), await state()]).toEqual([undefined, "draft"]);
    await phones.use("third");
    await db.visits.add(aVisit({ id: "mine", taskId: "t", answers: ANSWERS }));
    await expect(bringHere("v")).rejects.toThrow();
    expect((await db.visits.get("mine"))?.answers).toEqual(ANSWERS);
  });

  it("does not keep a photo that was damaged on the way, nor say that it took the draft", async () => {
    await moveAway("v");
    server.drafts.get("v")?.photos.set("p2", "tvo");
    await phones.use("new");
    await expect(bringHere("v")).rejects.toThrow("p2");
    expect([await state(), server.drafts.get("v")?.taken]).toEqual([undefined, false]);
  });
});

it("ends with one phone that holds the whole draft, whichever answers are lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (lost) => {
      await Promise.all(db.tables.map((table) => table.clear()));
      server = new Server();
      phones = new Phones();
      await speaks();
      await db.visits.add(aVisit({ id: "v", taskId: "t", answers: ANSWERS, photoIds: ["p1"] }));
      await db.photos.add(aPhoto({ id: "p1", taskId: "t", bytes: new Blob(["one"]), sha256: sha("one") }));
      const fates = [...lost];
      server.loses = () => fates.shift() ?? false;
      for (let turn = 0; turn <= lost.length + 1; turn++) {
        await (turn && (await state()) !== "draft" ? tendMoves() : moveAway("v")).catch(() => undefined);
      }
      await phones.use("new");
      for (let turn = 0; turn <= lost.length + 1 && (await state()) !== "draft"; turn++)
        await bringHere("v").catch(() => undefined);
      expect([await state(), await (await db.photos.get("p1"))?.bytes?.size]).toEqual(["draft", 3]);
      await phones.use("old");
      await tendMoves();
      expect(await state()).toBe("taken");
    }),
    { numRuns: 25 },
  );
}, 60_000);
