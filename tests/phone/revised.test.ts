// Another version of the checklist in the middle of a visit: answers and photos go along by name, and nothing is lost.
import "./stand";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { open } from "../../field_api/phone/form";
import { fetchTasks, takeBack } from "../../field_api/phone/net/tasks";
import { changesBetween } from "../../field_api/phone/rules/revised";
import { db, type Visit } from "../../field_api/phone/store/db";
import { keepFact } from "../../field_api/phone/store/facts";
import { lookedOver, revise } from "../../field_api/phone/store/revised";
import { seal } from "../../field_api/phone/store/seal";
import { visitOf } from "../../field_api/phone/store/visits";
import type { Checklist, ProblemBody, Task } from "../../field_api/phone/types";
import { aChecklist, aPhoto, aTask, aVisit } from "./makers";

/** A version that asks these items, in this order, numbered from 1. */
function version(id: string, names: readonly string[]): Checklist {
  const { items, ...rest } = aChecklist(names.length);
  const words = (name: string) => ({ zh: `检查${name}`, en: `Check ${name}` });
  const asked = items.map((item, at) => ({
    ...item,
    name: names[at] as string,
    text: words(names[at] as string),
    photo: "NEVER" as const,
  }));
  return { ...rest, id, version: id, items: asked };
}

const ONE = version("one", ["floor", "knives", "mice"]);
const TWO = version("two", ["knives", "gloves", "floor"]);
const yes = (remark: string) => ({ value: "yes" as const, remark });
const changed: ProblemBody = {
  ...{ code: "checklist-changed", status: 409, title: "", detail: "", checklist_id: "two" },
  ...{ zh: { title: "", detail: "" }, en: { title: "", detail: "" } },
};
const half: Partial<Visit> = {
  ...{ checklistId: "one", arrivedAt: "2026-11-23T09:05:00+08:00", photoIds: ["p", "q"] },
  answers: { 1: yes("a"), 2: yes("b"), 3: yes("c") },
  ...{ readBack: { at: "2026-11-23T09:30:00+08:00", of: "x" }, remarks: { 2: "sharper", 3: "more cats" } },
};

let server: { checklists: Map<string, Checklist>; tasks: Task[]; down: boolean };

function answerOf(path: string): Response {
  if (server.down) throw new TypeError("no network");
  if (path.includes("/changes"))
    return Response.json({
      token: "1",
      tasks: server.tasks,
      visible: server.tasks.map(({ id }) => id),
      server_time: "2026-11-23T01:00:00Z",
    });
  return Response.json(server.checklists.get(path.split("/").at(-1) ?? "") ?? {});
}

beforeEach(async () => {
  await Promise.all(db.tables.map((table) => table.clear()));
  await keepFact("person", { id: "p", name: "n", unit: "u" });
  await keepFact("token", { token: "t", expiresAt: "2999-01-01T00:00:00Z" });
  server = { checklists: new Map([["one", ONE], ["two", TWO]]), tasks: [], down: false }; // biome-ignore format: one thought
  globalThis.fetch = (async (path: string) => answerOf(path)) as typeof fetch;
  await db.checklists.put(ONE);
  await db.photos.bulkAdd([aPhoto({ id: "p", item: 1 }), aPhoto({ id: "q", item: 3 })]);
});

const draft = async () => (await visitOf("t")) as Visit;
const itemsOfPhotos = async () => Object.fromEntries((await db.photos.toArray()).map(({ id, item }) => [id, item]));

it("a record refused for its version goes on with the one that judges, answers and photos by name", async () => {
  await db.visits.add(aVisit({ id: "v", ...half, state: "refused", problem: changed, body: "{}" }));
  await takeBack((await draft()) as Visit);
  const visit = await draft();
  expect(visit).toMatchObject({ state: "draft", checklistId: "two", problem: null, readBack: null, signings: {} });
  expect(visit.answers).toEqual({ 1: yes("b"), 3: yes("a") });
  expect(visit.remarks).toEqual({ 1: "sharper" });
  expect(visit.before).toEqual({ checklistId: "one", answers: half.answers, formAnswers: {} });
  expect(await itemsOfPhotos()).toEqual({ p: 3, q: null });
  await seal(visit.id, aTask({ id: "t" }));
  const body = JSON.parse((await draft()).body ?? "{}");
  expect([body.checklist_id, body.answers.length]).toEqual(["two", 2]);
  expect(body.photos.map((photo: { item: number | null }) => photo.item)).toEqual([3, null]);
});

it("without a network the refused record stays as it is", async () => {
  await db.visits.add(aVisit({ id: "v", ...half, state: "refused", problem: changed, body: "{}" }));
  server.down = true;
  await expect(takeBack(await draft())).rejects.toThrow();
  expect(await draft()).toMatchObject({ id: "v", state: "refused", checklistId: "one" });
});

it("a draft is moved on once a pull brings the version that will judge it", async () => {
  await db.visits.add(aVisit({ id: "v", ...half }));
  server.tasks = [aTask({ id: "t", checklist: { id: "two", code: "c", version: "two" } })];
  await fetchTasks();
  expect(await draft()).toMatchObject({ id: "v", checklistId: "two", answers: { 1: yes("b"), 3: yes("a") } });
});

it("an arrival that the server has not heard of keeps the version of its day", async () => {
  await db.visits.add(aVisit({ id: "v", ...half }));
  const rest = {
    fix: null,
    clockOffsetMs: 0,
    scanned: null,
    reason: null,
    answer: null,
    tries: 0,
    nextAt: 0,
    problem: null,
  };
  await db.arrivals.add({ id: "a", taskId: "t", at: "2026-11-22T23:00:00+08:00", state: "waiting", ...rest });
  server.tasks = [aTask({ id: "t", checklist: { id: "two", code: "c", version: "two" } })];
  await fetchTasks();
  expect(await draft()).toMatchObject({ checklistId: "one", answers: half.answers });
  await db.arrivals.update("a", { state: "sent" });
  await fetchTasks();
  expect((await draft()).checklistId).toBe("two");
});

it("what is sealed or received keeps the version that it was filled with", async () => {
  await db.checklists.put(TWO);
  await db.visits.bulkAdd([
    aVisit({ id: "s", ...half, state: "sealed" }),
    aVisit({ id: "r", ...half, state: "received" }),
  ]);
  for (const id of ["s", "r"]) await revise(id, "two");
  expect((await db.visits.toArray()).map(({ checklistId }) => checklistId)).toEqual(["one", "one"]);
});

it("whoever has looked the changes over is told of them no more", async () => {
  await db.checklists.put(TWO);
  await db.visits.add(aVisit({ id: "v", ...half }));
  await revise("v", "two");
  await lookedOver("v");
  expect((await draft()).before).toMatchObject({ seen: true, checklistId: "one" });
});

it("tells new, changed and dropped items, with where to find them", () => {
  const knives = TWO.items.map((item) => (item.name === "knives" ? { ...item, key: false } : item));
  const told = changesBetween(
    { ...ONE, items: ONE.items.map((item) => ({ ...item, key: false })) },
    { ...TWO, items: knives },
  );
  expect(told.map(({ kind, focus, no }) => [kind, focus, no])).toEqual([
    ["new", 2, 2],
    ["gone", null, 3],
  ]);
});

const forms = (nodes: object[]): Checklist =>
  ({
    ...ONE,
    form: {
      format: "fieldlot-form/1",
      nodes,
      choices: {},
      order: nodes.map((node) => (node as { name: string }).name),
    },
  }) as Checklist;
const node = (name: string, kind: string, more: object = {}) => ({ name, kind, label: { zh: name }, ...more });

it("tells of questions beside the items too, and leads into no single row of a repeat", () => {
  const older = forms([node("heat", "integer"), node("note", "note")]);
  const row = node("goods", "text");
  const newer = forms([node("heat", "decimal"), node("rows", "repeat", { children: [row] })]);
  expect(changesBetween(older, newer).map(({ kind, focus }) => [kind, focus])).toEqual([["changed", "heat"], ["new", null]]); // biome-ignore format: one thought
});

it("answers that are asked for no more stay with what stood before, and come back with their question", async () => {
  const goods = node("goods", "repeat", { children: [node("name", "text"), node("made", "date")] });
  const older = {
    ...forms([node("heat", "integer"), goods, node("rows", "repeat", { children: [] }), node("old", "text")]),
    id: "x",
  };
  const fewer = node("goods", "repeat", { children: [node("name", "text")] });
  const newer = {
    ...forms([node("A", "group", { children: [node("heat", "text"), fewer] }), node("rows", "text")]),
    id: "y",
  };
  await db.checklists.bulkPut([older, newer]);
  const formAnswers = { heat: 70, goods: [{ name: "rice", made: "2026-01-02" }], rows: [{ a: "b" }], old: "kept" };
  await db.visits.add(aVisit({ id: "v", checklistId: "x", formAnswers }));
  await revise("v", "y");
  expect((await draft()).formAnswers).toEqual({ heat: 70, goods: [{ name: "rice" }] });
  expect((await draft()).before?.formAnswers).toEqual(formAnswers);
  await revise("v", "x");
  expect((await draft()).formAnswers).toMatchObject({ heat: 70, rows: [{ a: "b" }], old: "kept" });
});

it("an answer that no longer fits its question is told of, and nothing breaks", () => {
  const { form } = forms([node("heat", "integer")]);
  const filled = open(form as NonNullable<typeof form>, { heat: "hot" }, { today: "2026-11-23", needed: true });
  expect(filled.faults().map(({ path, code }) => [path, code])).toEqual([["heat", "type"]]);
});

it("versions that come and go lose no answer whose question is there, and restore those of the version before", async () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(names, names, async (before, after) => {
      await Promise.all([db.visits.clear(), db.checklists.clear()]);
      await db.checklists.bulkPut([version("x", before), version("y", after)]);
      const answers = Object.fromEntries(before.map((name, at) => [at + 1, yes(name)]));
      await db.visits.add(aVisit({ id: "v", checklistId: "x", answers }));
      await revise("v", "y");
      const kept = Object.entries((await draft()).answers).map(([no, { remark }]) => [after[Number(no) - 1], remark]);
      expect(kept.sort()).toEqual(before.filter((name) => after.includes(name)).map((name) => [name, name]).sort()); // biome-ignore format: one thought
      await revise("v", "x");
      expect((await draft()).answers).toEqual(answers);
    }),
    { numRuns: 40 },
  );
});
