// A revoked phone: everything unsent is handed over first, exactly once, then nothing is left.
import "./stand";
import { beforeEach, describe, expect, it } from "vitest";
import { leave } from "../../field_api/phone/net/leave";
import { db, unsent } from "../../field_api/phone/store/db";
import { fact, keepFact } from "../../field_api/phone/store/facts";
import { emptiedAt, forgetEmptied } from "../../field_api/phone/store/wipe";
import { aPhoto, aVisit } from "./makers";

/** A server that keeps what is handed over; `fail` may refuse or lose a call. */
class Quarantine {
  pieces = new Map<string, string>();
  calls: string[] = [];
  fail: (path: string) => Response | "lost" | null = () => null;

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { "DPoP-Nonce": "n1" };
    this.calls.push(path);
    const claims = JSON.parse(atob(String((init.headers as Record<string, string>).DPoP).split(".")[1] ?? ""));
    if (claims.nonce !== "n1") return Response.json(aProblem("use-dpop-nonce", 401), { status: 401, headers });
    const failed = this.fail(path);
    if (failed === "lost") throw new TypeError("network");
    if (failed) return failed;
    if (init.method === "PUT")
      this.pieces.set(path.split("/v1/quarantine/")[1] ?? "", await new Response(init.body).text());
    return Response.json(init.method === "PUT" ? {} : { wipe: true }, { headers });
  }
}

const aProblem = (code: string, status: number) => {
  const words = { title: code, detail: code };
  return { code, status, ...words, zh: words, en: words };
};

let server: Quarantine;

beforeEach(async () => {
  await db.delete();
  await db.open();
  forgetEmptied();
  server = new Quarantine();
  globalThis.fetch = ((path: string, init: RequestInit) => server.fetch(path, init)) as typeof fetch;
  await db.visits.bulkAdd([
    aVisit({ id: "draft", photoIds: ["p1"] }),
    aVisit({ id: "sealed", state: "sealed", body: "{}" }),
    aVisit({ id: "received", state: "received" }),
  ]);
  const photos = [aPhoto({ id: "p1", bytes: new Blob(["one"]) }), aPhoto({ id: "p2", state: "sent" })];
  await db.photos.bulkAdd(photos);
  const place = {
    fix: null,
    scanned: null,
    reason: null,
    answer: null,
    clockOffsetMs: 0,
    at: "2026-11-23T09:00:00+08:00",
  };
  await db.arrivals.add({ ...unsent, ...place, id: "a1", taskId: "t", state: "waiting" });
});

describe("a revoked phone", () => {
  it("hands over drafts, sealed records, their photos and arrivals, and then holds nothing", async () => {
    await keepFact("revoked", true);
    expect(await leave()).toBeNull();
    expect([...server.pieces.keys()].sort()).toEqual(["arrival/a1", "photo/p1", "visit/draft", "visit/sealed"]);
    expect(server.pieces.get("photo/p1")).toBe("one");
    expect(JSON.parse(server.pieces.get("visit/draft") ?? "").photos[0].id).toBe("p1");
    await db.open();
    expect(await Promise.all(db.tables.map((table) => table.count()))).toEqual(db.tables.map(() => 0));
    expect(emptiedAt()).not.toBeNull();
  });

  it("goes on where the connection was lost, and wipes nothing before the end", async () => {
    await keepFact("revoked", true);
    server.fail = (path) => (path.includes("/photo/") ? "lost" : null);
    expect(await leave()).toBeNull();
    expect(await db.visits.count()).toBe(3);
    const before = server.calls.length;
    server.fail = () => null;
    await leave();
    expect(server.calls.slice(before).map((path) => path.split("/").at(-1))).toEqual(["p1", "done"]);
    await db.open();
    expect(await db.visits.count()).toBe(0);
  });

  it("tells all again when the server holds fewer pieces than it thought", async () => {
    await keepFact("revoked", true);
    const refused = () => Response.json(aProblem("quarantine-incomplete", 409), { status: 409 });
    server.fail = (path) => (path.endsWith("done") ? refused() : null);
    expect((await leave())?.code).toBe("quarantine-incomplete");
    server.fail = () => null;
    server.pieces.clear();
    await leave();
    expect(server.pieces.size).toBe(4);
  });

  it.each(["device-unknown", "device-not-revoked"])("keeps everything when the server says %s", async (code) => {
    await keepFact("revoked", true);
    server.fail = () => Response.json(aProblem(code, 404), { status: 404 });
    expect((await leave())?.code).toBe(code);
    expect(await db.visits.count()).toBe(3);
    expect(await fact("revoked")).toBeUndefined();
    expect((await fact("unknown")) ?? false).toBe(code === "device-unknown");
  });

  it("is wiped only when it was revoked", async () => {
    await leave();
    expect([server.calls, await db.visits.count()]).toEqual([[], 3]);
  });
});
