// The look keeps its promises: readable in light and dark, icons that exist, words in both languages.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import words from "../../field_api/phone/words.json";

const read = (path: string) => readFileSync(path, "utf8");
const [light = "", dark = ""] = read("backend/look/tokens.css").split("@media (prefers-color-scheme: dark)");

function tokens(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|var\(--[\w-]+\))/g)].map(([, name = "", is = ""]) => [name, is]),
  );
}

function colour(name: string, kept: Map<string, string>): string {
  const is = kept.get(name) ?? "";
  return is.startsWith("var") ? colour(is.slice(6, -1), kept) : is;
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ["ground", "surface", "sunken"];
const TONES = ["ok", "warn", "error", "info", "class-a", "class-b", "class-c", "class-d"];
const PAIRS: [string, string][] = [
  ...["ink", "ink-soft", "accent"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ...["ok", "warn", "error", "seal"].map((ink): [string, string] => [ink, "surface"]),
  ...TONES.flatMap((tone) => ["ink", tone].map((ink): [string, string] => [ink, `${tone}-ground`])),
  ...TONES.slice(0, 4).map((tone): [string, string] => ["ink-soft", `${tone}-ground`]),
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
  ["on-error", "error"],
  ["accent", "accent-ground"],
];

describe.each([
  ["light", tokens(light)],
  ["dark", new Map([...tokens(light), ...tokens(dark)])],
])("in %s", (_scheme, kept) => {
  it.each(PAIRS)("%s on %s has at least 4.5:1", (ink, ground) => {
    expect(contrast(colour(ink, kept), colour(ground, kept))).toBeGreaterThanOrEqual(4.5);
  });

  it("draws the edges of inputs with at least 3:1", () => {
    expect(contrast(colour("line-strong", kept), colour("surface", kept))).toBeGreaterThanOrEqual(3);
  });
});

it("names only icons that lucide has, each once and in order", () => {
  const names = read("backend/look/icons.txt").trim().split("\n");
  expect(names.filter((name) => !existsSync(`node_modules/lucide-static/icons/${name}.svg`))).toEqual([]);
  expect(names).toEqual([...new Set(names)].sort());
});

describe("the phone's words", () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

  it.each(Object.entries(words))("%s is told in both languages with the same facts", (_key, { zh, en }) => {
    expect(zh).toMatch(/\S/);
    expect(en).toMatch(/\S/);
    expect(holes(en)).toEqual(holes(zh));
  });
});
