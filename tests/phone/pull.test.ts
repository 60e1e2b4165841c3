// Pulling changes: token and tasks together or not at all; nothing is dropped that holds unsent work.
import "./stand";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { fetchTasks } from "../../field_api/phone/net/tasks";
import { db } from "../../field_api/phone/store/db";
import { fact, keepFact } from "../../field_api/phone/store/facts";
import { keepPull } from "../../field_api/phone/store/pull";
import { aPhoto, aTask, aTour, aVisit } from "./makers";

const NOW = "2026-11-23T09:00:00+08:00";
const pulled = (token: string, tasks: string[], visible: string[], fresh = false) =>
  keepPull({ token, fresh, visible, server_time: NOW, tasks: tasks.map((id) => aTask({ id })) }, NOW);
const kept = async () => (await db.tasks.toArray()).map(({ id, gone }) => (gone ? `${id} gone` : id)).sort();

beforeEach(() => Promise.all(db.tables.map((table) => table.clear())));

describe("a pull", () => {
  it("adds what changed, keeps what it does not tell of, drops what is no longer visible", async () => {
    await pulled("1", ["a", "b", "c"], ["a", "b", "c"], true);
    await pulled("2", ["d"], ["a", "c", "d"]);
    expect([await kept(), await fact("pulled")]).toEqual([["a", "c", "d"], "2"]);
  });

  it("never drops a task with unsent work, marks it, and lets it go once that has arrived", async () => {
    await pulled("1", ["a", "b", "c", "d"], ["a", "b", "c", "d"], true);
    await db.visits.bulkAdd([
      aVisit({ id: "v1", taskId: "a", answers: { 1: { value: "yes", remark: "" } } }),
      aVisit({ id: "v2", taskId: "b", state: "sealed" }),
      aVisit({ id: "v3", taskId: "c" }),
    ]);
    await db.photos.add(aPhoto({ id: "p", taskId: "d", state: "waiting" }));
    await pulled("2", [], [], true);
    expect(await kept()).toEqual(["a gone", "b gone", "d gone"]);
    await db.visits.update("v2", { state: "received" });
    await pulled("3", [], ["a"]);
    expect(await kept()).toEqual(["a", "d gone"]);
  });

  it("lays tasks out in the order of the day, whatever came first", async () => {
    await keepPull(
      {
        token: "1",
        fresh: true,
        server_time: NOW,
        visible: ["a", "b"],
        tasks: [aTask({ id: "b", tour: aTour("2026-11-24", 1) }), aTask({ id: "a", tour: aTour("2026-11-23", 2) })],
      },
      NOW,
    );
    expect((await db.tasks.orderBy("order").toArray()).map((task) => task.id)).toEqual(["a", "b"]);
  });

  it("keeps neither tasks nor token when the phone cannot keep both", async () => {
    await pulled("1", ["a"], ["a"], true);
    const full = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    db.facts.hook("updating", full);
    await expect(pulled("2", ["b"], ["b"])).rejects.toThrow();
    db.facts.hook("updating").unsubscribe(full);
    expect([await kept(), await fact("pulled")]).toEqual([["a"], "1"]);
  });
});

/** A server whose tasks come, change and go; a pull tells what changed since a token. */
class Office {
  now = 0;
  tasks = new Map<string, { at: number; mine: boolean }>();

  touch(id: string, mine: boolean) {
    this.now += 1;
    this.tasks.set(id, { at: this.now, mine });
  }

  answer(since: string | null): object {
    const fresh = since === null;
    const mine = [...this.tasks].filter(([, task]) => task.mine);
    const tasks = mine.filter(([, task]) => fresh || task.at > Number(since)).map(([id]) => aTask({ id }));
    return { token: String(this.now), fresh, tasks, visible: mine.map(([id]) => id), server_time: NOW };
  }
}

it("ends with the server's tasks after any changes and any lost answers", async () => {
  const step = fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.boolean(), fc.constantFrom("pull", "lost", "wait"));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await Promise.all(db.tables.map((table) => table.clear()));
      await keepFact("person", { id: "p", name: "n", unit: "u" });
      await keepFact("token", { token: "t", expiresAt: "2999-01-01T00:00:00Z" });
      await db.checklists.put({ id: "c" } as never);
      const office = new Office();
      for (const [id, mine, then] of [...steps, ["e", true, "pull"] as const]) {
        office.touch(id, mine);
        if (then !== "wait") await pullFrom(office, then === "lost");
      }
      const mine = [...office.tasks].filter(([, task]) => task.mine).map(([id]) => id);
      expect(await kept()).toEqual(mine.sort());
    }),
    { numRuns: 40 },
  );
});

async function pullFrom(office: Office, lost: boolean): Promise<void> {
  globalThis.fetch = (async (path: string) => {
    const answer = office.answer(new URL(path, "http://phone.test").searchParams.get("since"));
    if (lost) throw new TypeError("lost");
    return Response.json(answer);
  }) as typeof fetch;
  await fetchTasks().catch(() => undefined);
}

describe("the checklists of what is pulled", () => {
  const asks = async (checklist: () => Response) => {
    await keepFact("person", { id: "p", name: "n", unit: "u" });
    await keepFact("token", { token: "t", expiresAt: "2999-01-01T00:00:00Z" });
    const office = new Office();
    office.touch("a", true);
    globalThis.fetch = (async (path: string) =>
      path.includes("/checklists/") ? checklist() : Response.json(office.answer(null))) as typeof fetch;
    await fetchTasks().catch(() => undefined);
  };

  it("are there before the tasks: what stands on the list can be begun, even if the network ends right then", async () => {
    const order: string[] = [];
    const hooks = [db.checklists, db.tasks].map((table) => {
      const note = () => void order.push(table.name);
      table.hook("creating", note);
      return () => table.hook("creating").unsubscribe(note);
    });
    await asks(() => Response.json({ id: "c" }));
    for (const undo of hooks) undo();
    expect(order).toEqual(["checklists", "tasks"]);
  });

  it("do not hold the tasks back when they do not come", async () => {
    await asks(() => {
      throw new TypeError("lost");
    });
    expect([await kept(), await db.checklists.count()]).toEqual([["a"], 0]);
  });
});
