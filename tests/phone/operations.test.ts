// The queue of arrivals and submissions: sent together, answered one by one, exactly once whatever is lost on the way.
import "./stand";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sendLog } from "../../field_api/phone/net/log";
import { attemptOperations, failed } from "../../field_api/phone/net/operations";
import { kickNow, waiting } from "../../field_api/phone/net/queue";
import { ready, verdict } from "../../field_api/phone/rules/queue";
import { Locked } from "../../field_api/phone/store/cipher";
import { db, unsent } from "../../field_api/phone/store/db";
import { fact, keepFact } from "../../field_api/phone/store/facts";
import { note, readLog } from "../../field_api/phone/store/log";
import { aVisit } from "./makers";

const NOW = "2026-11-23T09:00:00+08:00";
const RECEIPT = { submission: "s", manifest_sha256: "0", received_at: NOW, key: "k", signature: "s", task: "t" };

interface Sent {
  id: string;
  body: string;
}

/** A server that applies each operation once, by its id; a call's answer may be lost on the way back. */
class Server {
  applied: Sent[] = [];
  calls: { path: string; body: string }[] = [];
  whole: ((sent: Sent[]) => Response | null) | null = null;
  refuse: (id: string) => object | null = () => null;
  loses: () => boolean = () => false;

  async fetch(path: string, init: RequestInit): Promise<Response> {
    const body = String(init.body ?? "");
    this.calls.push({ path, body });
    if (path.endsWith("/device-log")) return Response.json({ kept: 1 });
    if (path.includes("/changes")) return Response.json({ token: "1", tasks: [], visible: [], server_time: NOW });
    const { operations } = JSON.parse(body) as { operations: Sent[] };
    const no = this.whole?.(operations);
    if (no) return no;
    const results = operations.map((sent) => this.apply(sent));
    if (this.loses()) throw new TypeError("the answer was lost");
    return Response.json({ server_time: NOW, results });
  }

  apply(sent: Sent): object {
    const problem = this.refuse(sent.id);
    if (problem) return { id: sent.id, status: "refused", again: false, problem, answer: null };
    const known = this.applied.find((one) => one.id === sent.id);
    if (!known) this.applied.push(sent);
    else expect(known.body).toBe(sent.body);
    const status = known ? "already-applied" : "applied";
    return { id: sent.id, status, again: false, problem: null, answer: { inside: true, receipt: RECEIPT } };
  }
}

const aProblem = (code: string, status: number) => {
  const words = { title: code, detail: code };
  return { code, status, ...words, zh: words, en: words };
};
const sealed = (id: string) => aVisit({ id, state: "sealed", body: `{"of":"${id}"}` });
const arrival = (id: string) => ({
  ...unsent,
  ...{ id, taskId: "t", at: NOW, fix: null, clockOffsetMs: 0, scanned: null, reason: null, answer: null },
  state: "waiting" as const,
});
const states = async () => (await db.visits.toArray()).map(({ id, state }) => `${id} ${state}`);
const readyNow = async () => ready(await waiting(), Date.now());

let server: Server;

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()));
  await keepFact("person", { id: "p", name: "n", unit: "u" });
  await keepFact("token", { token: "t", expiresAt: "2999-01-01T00:00:00Z" });
  server = new Server();
  globalThis.fetch = ((path: string, init: RequestInit) => server.fetch(path, init)) as typeof fetch;
});

describe("operations", () => {
  it("go in one call, arrivals first, and what arrived is noted with its receipt", async () => {
    await db.visits.bulkAdd([sealed("s1"), sealed("s2")]);
    await db.arrivals.add(arrival("a1"));
    await attemptOperations(await readyNow());
    expect(server.applied.map((one) => one.id)).toEqual(["a1", "s1", "s2"]);
    expect(await states()).toEqual(["s1 received", "s2 received"]);
    expect((await db.visits.get("s1"))?.receipt).toEqual(RECEIPT);
    expect((await db.arrivals.get("a1"))?.state).toBe("sent");
  });

  it("are in nobody's way when one is refused", async () => {
    await db.visits.bulkAdd([sealed("s1"), sealed("s2"), sealed("s3")]);
    server.refuse = (id) => (id === "s2" ? aProblem("submission-differs", 409) : null);
    const outcomes = await attemptOperations(await readyNow());
    expect(await states()).toEqual(["s1 received", "s2 sealed", "s3 received"]);
    expect([...outcomes.values()].map(({ reply }) => verdict(reply).do)).toEqual(["keep", "ask_person", "keep"]);
  });

  it("go one by one when the server takes offence at the whole batch", async () => {
    await db.visits.bulkAdd([sealed("s1"), sealed("s2"), sealed("s3")]);
    const bad = () => Response.json(aProblem("bad-request", 422), { status: 422 });
    server.whole = (sent) => (sent.some((one) => one.id === "s2") ? bad() : null);
    const outcomes = await attemptOperations(await readyNow());
    expect(await states()).toEqual(["s1 received", "s2 sealed", "s3 received"]);
    expect([...outcomes.values()][1]?.problem?.code).toBe("bad-request");
  });

  it("are tried again, all of them, when nothing answers", async () => {
    await db.visits.bulkAdd([sealed("s1"), sealed("s2")]);
    server.whole = () => Response.json(aProblem("http-503", 503), { status: 503 });
    const outcomes = await attemptOperations(await readyNow());
    expect([...outcomes.values()].map(({ reply }) => verdict(reply).do)).toEqual(["later", "later"]);
  });

  it("leave large records for the next turn rather than send a body that the server cannot take", async () => {
    const large = (id: string) => aVisit({ id, state: "sealed", body: JSON.stringify("x".repeat(600_000)) });
    await db.visits.bulkAdd([large("s1"), large("s2")]);
    expect((await attemptOperations(await readyNow())).size).toBe(1);
    await attemptOperations(await readyNow());
    expect(await states()).toEqual(["s1 received", "s2 received"]);
  });
});

it("every operation is applied exactly once, with the same bytes, whichever answers are lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 6 }), fc.integer({ min: 1, max: 8 }), async (lost, count) => {
      await Promise.all([db.visits.clear(), db.arrivals.clear()]);
      server.applied = [];
      const fates = [...lost];
      server.loses = () => fates.shift() ?? false;
      const names = Array.from({ length: count }, (_, at) => `s${at}`);
      await db.visits.bulkAdd(names.map(sealed));
      await db.arrivals.add(arrival("a"));
      for (let turn = 0; turn <= lost.length; turn++) {
        const pieces = await readyNow();
        if (pieces.length) await attemptOperations(pieces);
      }
      expect(server.applied.map((one) => one.id).sort()).toEqual(["a", ...names].sort());
      expect(await states()).toEqual(names.map((name) => `${name} received`));
    }),
    { numRuns: 25 },
  );
}, 30_000);

it("failures are noted without a word about people, handed over, and then forgotten", async () => {
  await note("warning", "send_failed", { kind: "photo", code: "too-large", status: 413 });
  await sendLog();
  const [handed] = server.calls.filter(({ path }) => path.endsWith("/device-log"));
  const { entries } = JSON.parse(handed?.body ?? "{}");
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ level: "warning", event: "send_failed", fields: { code: "too-large" } });
  expect(await readLog()).toEqual([]);
});

it("only the newest two hundred notes are kept", async () => {
  for (let no = 0; no < 205; no++) await note("info", "send_failed", { count: no });
  const log = (await fact("log")) ?? [];
  expect([log.length, log[0]?.fields.count]).toEqual([200, 5]);
});

it("when the network is back after a long day, one more lost answer costs seconds, not minutes", async () => {
  let lost = 0;
  server.loses = () => lost++ === 0;
  await db.arrivals.add({ ...arrival("a"), tries: 9, nextAt: Date.now() + 300_000 });
  await kickNow();
  await expect.poll(async () => (await db.arrivals.get("a"))?.tries).toBe(1);
  expect((await db.arrivals.get("a"))?.nextAt).toBeLessThan(Date.now() + 2_001);
});

it("a phone that is told when to come again comes no earlier", async () => {
  server.whole = () => Response.json({ ...aProblem("too-many-requests", 429), retry_after: 120 }, { status: 429 });
  await db.arrivals.add(arrival("a"));
  await kickNow();
  await expect.poll(async () => (await db.arrivals.get("a"))?.tries).toBe(1);
  const left = ((await db.arrivals.get("a"))?.nextAt ?? 0) - Date.now();
  expect([left > 110_000, left <= 120_000]).toEqual([true, true]);
});

it("a phone that is locked while it sends tells of no failure: it goes on once it is open", () => {
  const told = vi.spyOn(console, "error");
  const photo = { kind: "photo", id: "p", waiting: true, nextAt: 0, needs: [] } as const;
  expect(failed(new Locked(), photo)).toEqual({ reply: { kind: "no_answer" }, problem: null });
  expect(told).not.toHaveBeenCalled();
});
