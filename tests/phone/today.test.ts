// How the day is laid out, how times and distances read, and the fence.
import { describe, expect, it } from "vitest";
import { atSite, distanceM } from "../../field_api/phone/rules/fence";
import { dated, isoLocal, layOut, readable, readableDistance, timeOfDay } from "../../field_api/phone/rules/today";
import type { Task, TaskState } from "../../field_api/phone/types";
import { aTask, aTour } from "./makers";

const TODAY = "2026-11-23";

describe("the day", () => {
  const laid = (sealed: string[], ...tasks: [string, TaskState, string, number][]) => {
    const made = tasks.map(([id, state, date, seq]) => aTask({ id, state, tour: aTour(date, seq) }));
    const day = layOut(made, new Set(sealed), TODAY);
    return Object.fromEntries(
      Object.entries(day).map(([group, ones]: [string, Task[]]) => [group, ones.map((one) => one.id)]),
    );
  };

  it("lists open tasks in tour order, whatever order they came in", () => {
    const day = laid([], ["c", "assigned", TODAY, 3], ["a", "assigned", TODAY, 1], ["b", "on_site", TODAY, 2]);
    expect(day.open).toEqual(["a", "b", "c"]);
  });

  it("keeps overdue tasks among the open ones, and later days apart", () => {
    const day = laid([], ["late", "assigned", "2026-11-20", 1], ["next", "assigned", "2026-11-24", 1]);
    expect(day).toMatchObject({ open: ["late"], later: ["next"] });
  });

  it("puts returned records first and counts a sealed one as done", () => {
    const day = laid(["r2"], ["r1", "returned", TODAY, 1], ["r2", "returned", TODAY, 2], ["d", "approved", TODAY, 3]);
    expect(day).toMatchObject({ returned: ["r1"], done: ["r2", "d"] });
  });

  it("leaves out what was cancelled, and takes tasks without a tour", () => {
    const day = layOut([aTask({ id: "x", state: "cancelled" }), aTask({ id: "y" })], new Set(), TODAY);
    expect(day.open.map((task) => task.id)).toEqual(["y"]);
  });
});

describe("times and distances", () => {
  it("tell the day too where somebody else reads them", () => {
    expect(dated(isoLocal(new Date(2026, 10, 23, 9, 5)))).toBe("2026-11-23 09:05");
  });

  it("read as people write them", () => {
    expect(timeOfDay(9 * 3600 + 5 * 60 + 20)).toBe("09:05");
    expect([14.6, 999, 1700].map(readableDistance)).toEqual(["15 m", "999 m", "1.7 km"]);
  });

  it("leave the date out only for today", () => {
    const now = new Date(2026, 10, 23, 18, 0);
    expect(readable(new Date(2026, 10, 23, 9, 30).toISOString(), now)).toBe("09:30");
    expect(readable(new Date(2026, 10, 22, 9, 30).toISOString(), now)).toBe("2026-11-22 09:30");
  });

  it("keep the moment and bear an offset", () => {
    const moment = new Date(1_763_866_800_123);
    expect(isoLocal(moment)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
    expect(Date.parse(isoLocal(moment))).toBe(moment.getTime());
  });
});

describe("the fence", () => {
  const site = { lon: 107.0318, lat: 33.0676 };
  const north = (metres: number) => ({ lon: site.lon, lat: site.lat + metres / 111_195 });

  it("measures along the great circle", () => {
    expect(distanceM({ lon: 0, lat: 0 }, { lon: 0, lat: 1 })).toBeCloseTo(111_195, -1);
  });

  it("lets 150 m pass, or twice the accuracy where that is more", () => {
    expect(atSite(north(149), 5, site).inside).toBe(true);
    expect(atSite(north(152), 5, site).inside).toBe(false);
    expect(atSite(north(390), 200, site).inside).toBe(true);
    expect(atSite(north(410), 200, site).inside).toBe(false);
  });

  it("says when a fix proves little, and takes no accuracy for none", () => {
    expect(atSite(north(0), 1500, site).vague).toBe(true);
    expect(atSite(north(200), Number.NaN, site)).toMatchObject({ inside: false, vague: true });
  });
});
