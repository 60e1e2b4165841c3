// When the team will be at each stop: the plan's times, shifted by how the day goes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginOf,
  type DayFacts,
  dayFacts,
  estimates,
  nowOn,
  type StopFacts,
} from "../../field_api/phone/rules/estimate";
import { aTask, aTour } from "./makers";

const H = 3600;
const WINDOWS: [number, number][] = [
  [9 * H, 12 * H],
  [14 * H, 17.5 * H],
];
const stop = (id: string, arrive: number, leg: number | null, more: Partial<StopFacts> = {}): StopFacts => {
  return { id, place: null, arrive, depart: arrive + 2400, leg, arrivedAt: null, leftAt: null, ...more };
};
/** Three stops: there 15 minutes early for the first, the last behind the noon break. */
const day = (...stops: StopFacts[]): DayFacts => ({ leave: 8.5 * H, windows: WINDOWS, stops });
const plan = () => [stop("a", 9 * H, 900), stop("b", 10 * H, 1200), stop("c", 14 * H, 2 * H)];
const begins = (facts: DayFacts, now: number | null) =>
  Object.fromEntries([...estimates(facts, now)].map(([id, one]) => [id, one.begin]));

describe("estimates", () => {
  it("are the plan's own times before the day begins", () => {
    expect(begins(day(...plan()), null)).toEqual({ a: 9 * H, b: 10 * H, c: 14 * H });
    expect([...estimates(day(...plan()), null).values()].map((one) => one.shift)).toEqual([0, 0, 0]);
  });

  it("wait for a window to open: being there earlier is no earlier visit", () => {
    const { arrive, begin } = estimates(day(...plan()), null).get("a") ?? { arrive: 0, begin: 0 };
    expect([arrive, begin]).toEqual([8.75 * H, 9 * H]);
  });

  it("follow the last check-out", () => {
    const [a, b, c] = plan();
    const late = day({ ...a, arrivedAt: 9 * H, leftAt: 10.5 * H } as StopFacts, b as StopFacts, c as StopFacts);
    const found = estimates(late, 10.5 * H);
    expect(found.get("b")).toMatchObject({ begin: 10.5 * H + 1200, shift: 0.5 * H + 1200, rough: false });
    expect(found.get("c")).toMatchObject({ begin: 14 * H, shift: 0 });
    expect(found.has("a")).toBe(false);
  });

  it("take a visit under way to last as planned, or until now when it lasts longer", () => {
    const [a, b] = plan();
    const going = day({ ...a, arrivedAt: 9 * H } as StopFacts, b as StopFacts);
    expect(estimates(going, 9.1 * H).get("b")?.arrive).toBe(9 * H + 2400 + 1200);
    expect(estimates(going, 10 * H).get("b")?.arrive).toBe(10 * H + 1200);
  });

  it("never promise the past", () => {
    expect(estimates(day(...plan()), 11 * H).get("a")?.arrive).toBeGreaterThanOrEqual(11 * H);
  });

  it("say when no window is left, and go on with the next", () => {
    const found = estimates(day(...plan()), 17 * H);
    expect(found.get("a")).toMatchObject({ tooLate: true });
    expect(found.get("c")?.begin).toBeGreaterThan(17 * H);
  });

  it("are rough where stops are taken out of order", () => {
    const place = { lon: 107, lat: 33 };
    const [a, b, c] = plan();
    const swapped = day(
      { ...a, place } as StopFacts,
      b as StopFacts,
      { ...c, place: { lon: 107.1, lat: 33 }, leftAt: 10 * H } as StopFacts,
    );
    expect(estimates(swapped, 10 * H).get("a")).toMatchObject({ rough: true });
    expect(estimates(swapped, 10 * H).get("a")?.arrive).toBeCloseTo(10 * H + 9325 * 0.135, -2);
  });

  it("guess a leg from the visits around it where an older tour has none", () => {
    const old = day(stop("a", 9 * H, null), stop("b", 10 * H, null));
    expect(estimates({ ...old, leave: null }, null).get("b")).toMatchObject({ begin: 10 * H, rough: true });
  });

  it("keep the order of stops and never begin outside a window, whatever the day brings", () => {
    const times = fc.integer({ min: 0, max: 24 * H });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(times, fc.integer({ min: 60, max: 2 * H })), { maxLength: 8 }),
        fc.option(times),
        (rows, now) => {
          const stops = rows.map(([arrive, leg], i) => stop(String(i), arrive, leg));
          const found = [...estimates(day(...stops), now).values()];
          for (const [i, one] of found.entries()) {
            if (!one.tooLate)
              expect(WINDOWS.some(([from, to]) => one.begin >= from && one.begin + 2400 <= to)).toBe(true);
            expect(one.begin).toBeGreaterThanOrEqual(one.arrive);
            if (i) expect(one.arrive).toBeGreaterThan((found[i - 1]?.begin ?? 0) + 2400 - 1);
          }
        },
      ),
    );
  });
});

describe("the facts of a day", () => {
  it("come from the tasks in tour order, with what this phone or the server knows", () => {
    const tasks = [
      aTask({
        id: "b",
        tour: aTour("2026-11-23", 2),
        submission: { id: "s", state: "under_review", finished_at: "2026-11-23T02:00:00Z" },
      }),
      aTask({ id: "a", tour: aTour("2026-11-23", 1) }),
      aTask({ id: "x" }),
    ];
    const facts = dayFacts(tasks, new Map([["a", { arrivedAt: "2026-11-23T09:05:00+08:00", leftAt: null }]]));
    expect(facts.stops.map((one) => [one.id, one.arrivedAt, one.leftAt])).toEqual([
      ["a", 9 * H + 300, null],
      ["b", null, 10 * H],
    ]);
  });

  it("take a stop that a colleague checked in at for reached", () => {
    const task = aTask({ id: "a", state: "on_site", tour: aTour("2026-11-23", 1) });
    expect(estimates(dayFacts([task], new Map()), 11 * H).has("a")).toBe(false);
  });

  it("are told by the clock in China, wherever the phone thinks it is", () => {
    expect(nowOn("2026-11-23", Date.parse("2026-11-23T00:30:00Z"))).toBe(8.5 * H);
    expect(nowOn("2026-11-23", Date.parse("2026-11-23T17:00:00Z"))).toBeNull();
  });

  it("know windows as the planner does", () => {
    expect(beginOf(WINDOWS, 11.5 * H, 2400)).toBe(14 * H);
    expect(beginOf(WINDOWS, 17 * H, 2400)).toBeNull();
    expect(beginOf([], 3 * H, 2400)).toBe(3 * H);
  });
});
