// The map's pack, coordinates for other apps, and what they are handed.
import { describe, expect, it } from "vitest";
import { decode, isPack } from "../../field_api/phone/map/pack";
import { toGcj02 } from "../../field_api/phone/rules/crs";
import { mapApps } from "../../field_api/phone/rules/navigate";
import vectors from "./map_vectors.json";

describe("coordinates for other apps", () => {
  it("are shifted as the server shifts them, and outside China not at all", () => {
    for (const { wgs84, gcj02 } of vectors.gcj02) {
      const [lon = 0, lat = 0] = wgs84;
      const made = toGcj02({ lon, lat });
      expect(made.lon).toBeCloseTo(gcj02[0] ?? 0, 8);
      expect(made.lat).toBeCloseTo(gcj02[1] ?? 0, 8);
    }
  });

  it("go to each app in its own system, with names that cannot break the address", () => {
    const apps = mapApps({ lon: 107.0318, lat: 33.0676 }, "老王&儿子(总店)");
    const { lon, lat } = toGcj02({ lon: 107.0318, lat: 33.0676 });
    for (const { name, href } of apps) {
      expect(href).toContain(name === "map.app.other" ? "33.067600,107.031800" : lat.toFixed(6));
      expect(href).not.toContain("&儿子");
      if (name !== "map.app.other") expect(href.startsWith("https://")).toBe(true);
    }
    expect(apps[0]?.href).toContain(`to=${lon.toFixed(6)},${lat.toFixed(6)},`);
  });
});

describe("lines", () => {
  it("are read as the server wrote them", () => {
    for (const { line, text } of vectors.polylines) expect(decode(text)).toEqual(line);
  });

  it("that break off lose only their end", () => {
    expect(decode("_p~iF~ps|U_ulLnnq")).toEqual([[-120.2, 38.5]]);
  });
});

describe("a pack", () => {
  it("of another layout is not drawn", () => {
    const pack = { format: 1, box: [0, 0, 1, 1], roads: [] };
    expect([isPack(pack), isPack({ ...pack, format: 2 }), isPack(null), isPack("x")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
