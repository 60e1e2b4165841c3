// A real bundle passes; whatever is changed in it, added or taken away, does not.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Told, verdict } from "../../backend/public/verifier/checks";
import { byBytes } from "../../backend/public/verifier/hashes";
import { parsed } from "../../backend/public/verifier/json";
import { roundHolds } from "../../backend/public/verifier/signatures";
import { words } from "../../backend/public/verifier/words";
import vectors from "../draws/draw_vectors.json";

const KINDS = ["entities", "teams"] as const;
const kept = (kind: string) => readFileSync(new URL(`bundles/${kind}.json`, import.meta.url), "utf8");
const fails = (bundle: unknown): boolean => [...verdict(bundle)].some(({ state }) => state === "fail");

type Path = (string | number)[];
type Holder = Record<string | number, unknown>;

/** The path of every value within a value. */
function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [at, ...keys.flatMap((key) => places((value as Holder)[key], [...at, key]))];
}

/** A value of the same or another kind, which is not the one that stands there. */
function other(value: unknown, seed: number): unknown {
  if (typeof value === "number") return [value + 1, value - 1, String(value), value + 0.5, null][seed % 5];
  if (typeof value !== "string") return value === null ? 0 : null;
  const at = seed % Math.max(value.length, 1);
  const turned = `${value.slice(0, at)}${value[at] === "1" ? "2" : "1"}${value.slice(at + 1)}`;
  return [turned, `${value}0`, value.slice(0, -1), null, turned][seed % 5];
}

type Deed = "change" | "remove" | "add" | "double";

/** The bundle with one deed done at one place. */
function changed(bundle: unknown, path: Path, deed: Deed, seed: number): unknown {
  const copy = structuredClone(bundle);
  const holder = path.slice(0, -1).reduce<unknown>((value, key) => (value as Holder)[key], copy) as Holder;
  const last = path.at(-1) as string | number;
  const value = holder[last];
  if (deed === "change") holder[last] = other(value, seed);
  else if (deed === "remove") Array.isArray(holder) ? holder.splice(Number(last), 1) : delete holder[last];
  else if (deed === "double" && Array.isArray(holder)) holder.splice(Number(last), 0, structuredClone(value));
  else if (Array.isArray(value)) value.push(structuredClone(value.at(-1) ?? "00".repeat(32)));
  else if (typeof value === "object" && value !== null) (value as Holder).more = 1;
  else holder.more = value;
  return copy;
}

describe.each(KINDS)("a bundle of %s", (kind) => {
  const bundle = parsed(kept(kind));

  it("passes every check", () => {
    const told = [...verdict(bundle)];
    expect(told.filter(({ state }) => state === "fail")).toEqual([]);
    expect(told.length).toBeGreaterThan(10);
  });

  it("tells each check in a sentence without holes, in both languages", () => {
    for (const { check, facts } of verdict(bundle)) {
      expect(words("zh", check, facts)).toMatch(/\p{Script=Han}/u);
      expect(words("en", check, facts)).not.toMatch(/\p{Script=Han}|[{}]/u);
    }
  });

  it("fails after any single change, field added or field removed", () => {
    const all = places(bundle).filter((path) => path.length > 0);
    const deeds: Deed[] = ["change", "remove", "add", "double"];
    const property = fc.property(
      fc.constantFrom(...all),
      fc.constantFrom(...deeds),
      fc.nat(1000),
      (path, deed, seed) => {
        const spoilt = changed(bundle, path, deed, seed);
        fc.pre(JSON.stringify(spoilt) !== JSON.stringify(bundle));
        return fails(spoilt);
      },
    );
    fc.assert(property, { numRuns: 400 });
  }, 120_000);
});

describe("what JSON.parse would let pass", () => {
  it.each([
    ['{"a":1,"a":1}', "a field twice"],
    ['{"a":1.0}', "a float"],
    ['{"a":-0}', "a zero below zero"],
    ['{"a":"\\ud800"}', "half a character"],
    ['{"a":1e2}', "an exponent"],
  ])("is refused: %s, %s", (text) => {
    expect(() => parsed(text)).toThrow();
  });

  it("is let pass where it means no harm", () => {
    expect(parsed('{"a":{"a":"1.5 {\\"a\\":1}"},"b":[{"a":10},{"a":0}]}')).toBeTruthy();
  });
});

it("orders texts as their bytes are ordered", () => {
  const bytes = (text: string) => Buffer.from(text, "utf8");
  const text = fc.string({
    unit: fc.constantFrom("a", "z", "\uffff", "\ue000", "\u{10000}", "\u{10ffff}", "中"),
    maxLength: 4,
  });
  const property = fc.property(text, text, (a, b) => {
    return Math.sign(byBytes(a, b)) === Buffer.compare(bytes(a), bytes(b));
  });
  fc.assert(property);
  expect(byBytes("\u{10000}", "\uffff")).toBeGreaterThan(0);
}, 60_000);

it("checks a round of the public beacon, and refuses the next number", () => {
  const { public_key, round, signature } = vectors.drand_quicknet;
  expect(roundHolds(public_key, round, signature)).toBe(true);
  expect(roundHolds(public_key, round + 1, signature)).toBe(false);
}, 60_000);

it("ends at the first check that fails, with the place", () => {
  const told: Told[] = [...verdict({ ...(parsed(kept("teams")) as object), more: 1 })];
  expect(told).toEqual([{ check: "form", state: "fail", why: "bundle.more" }]);
});
