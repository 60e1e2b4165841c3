// Exactly the fields of a bundle and of its records (DRAWS §4 and §6), no more and no fewer.

/** The places of a value where it is not as ruled, each as a path; empty when it is. */
export type Shape = (value: unknown, at: string) => string[];
type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const test =
  (good: (value: unknown) => boolean): Shape =>
  (value, at) =>
    good(value) ? [] : [at];
const text = (pattern: RegExp): Shape => test((value) => typeof value === "string" && pattern.test(value));
const whole = (least: number): Shape => test((value) => Number.isSafeInteger(value) && (value as number) >= least);
const exactly = (...values: unknown[]): Shape => test((value) => values.includes(value));
const maybe =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? [] : shape(value, at);

const ID = text(/^[!-\u{10ffff}]+$/u);
const TEXT = text(/\S/);
/** Qualifications are whatever the registry calls them. */
const ANY = test((value) => typeof value === "string");
const HASH = text(/^[0-9a-f]{64}$/);
const HEX = text(/^([0-9a-f]{2})+$/);
const DIGITS = text(/^[0-9]+$/);
const TIME = test((value) => typeof value === "string" && !Number.isNaN(seconds(value)));
const NATURAL = whole(0);
const POSITIVE = whole(1);

/** Seconds since 1970 of a time like 2026-11-22T08:00:00Z; NaN for anything else. */
export function seconds(time: string): number {
  const moment = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? time : Number.NaN);
  return Number.isNaN(moment.getTime()) || moment.toISOString() !== time.replace("Z", ".000Z")
    ? Number.NaN
    : moment.getTime() / 1000;
}

function object(fields: Record<string, Shape>): Shape {
  return (value, at) => {
    if (!isObject(value)) return [at];
    const missing = Object.keys(fields).filter((name) => !Object.hasOwn(value, name));
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
    const inside = Object.entries(fields).flatMap(([name, shape]) =>
      Object.hasOwn(value, name) ? shape(value[name], `${at}.${name}`) : [],
    );
    return [...[...missing, ...unknown].map((name) => `${at}.${name}`), ...inside];
  };
}

function list(shape: Shape, count?: number, distinct = false): Shape {
  return (value, at) => {
    if (!Array.isArray(value) || (count !== undefined && value.length !== count)) return [at];
    if (distinct && new Set(value).size < value.length) return [at];
    for (const [index, item] of value.entries()) {
      const faults = shape(item, `${at}[${index}]`);
      if (faults.length) return faults;
    }
    return [];
  };
}

function byName(shape: Shape): Shape {
  return (value, at) => {
    if (!isObject(value)) return [at];
    return Object.entries(value).flatMap(([name, item]) => [
      ...ID(name, `${at}.${name}`),
      ...shape(item, `${at}.${name}`),
    ]);
  };
}

const PAIR: Shape = list(ID, 2);
const SEED_PLAN = object({
  dice: maybe(object({ n: POSITIVE })),
  drand: maybe(object({ chain: HASH, key: HEX, genesis: POSITIVE, period: POSITIVE, round: POSITIVE })),
  nonces: byName(HASH),
  lead: NATURAL,
});
const COMMIT = { algo: exactly("hashdraw-1"), round: TEXT, attempt: POSITIVE, seed_plan: SEED_PLAN, by: TEXT };
const RECORDS: Record<string, Record<string, Shape>> = {
  "commit entities": {
    ...COMMIT,
    kind: exactly("entities"),
    pool: object({ n: NATURAL, root: HASH, key: HASH }),
    strata: byName(object({ N: NATURAL, weight: NATURAL, min: NATURAL })),
    n: NATURAL,
    reserve: NATURAL,
  },
  "commit teams": {
    ...COMMIT,
    kind: exactly("teams"),
    draw: ID,
    staff: HASH,
    key: HASH,
    match: object({ size: POSITIVE, limit: POSITIVE }),
  },
  dice: { commit: HASH, dice: DIGITS, witnesses: list(TEXT, 2) },
  seed: {
    commit: HASH,
    dice: maybe(DIGITS),
    drand: maybe(object({ round: POSITIVE, signature: HEX, randomness: HASH })),
    nonces: byName(HASH),
    seed: HASH,
  },
  "result entities": {
    seed: HASH,
    alloc: byName(NATURAL),
    drawn: byName(list(ID, undefined, true)),
    reserves: byName(list(ID, undefined, true)),
  },
  "result teams": { seed: HASH, teams: byName(list(ID, undefined, true)), tries: byName(NATURAL) },
  void: { attempt: POSITIVE, reason: TEXT, by: list(TEXT, 2, true) },
  skip: { id: ID, stratum: ID, reason: TEXT, reserve: maybe(ID) },
  replace: { tour: ID, leaver: ID, joiner: ID, reason: TEXT },
  outcome: { id: ID, state: exactly("visited", "out of scope", "not visited") },
};
const SHAPES = new Map(
  Object.entries(RECORDS).map(([name, fields]) => {
    const type = name.split(" ")[0];
    return [name, object({ type: exactly(type), lot: ID, at: TIME, ...fields })];
  }),
);

/** A record, by its type; commits by kind and results by what they hold as well. */
const RECORD: Shape = (value, at) => {
  if (!isObject(value)) return [at];
  const { type, kind } = value;
  const name =
    type === "commit"
      ? `commit ${kind}`
      : type === "result"
        ? `result ${"teams" in value ? "teams" : "entities"}`
        : type;
  return SHAPES.get(String(name))?.(value, at) ?? [`${at}.type`];
};
const COMMON = {
  format: exactly("fieldlot-bundle-1"),
  lot: ID,
  heads: list(object({ size: POSITIVE, root: HASH, time: TIME, key: HASH, signature: text(/^[0-9a-f]{128}$/) }), 2),
  consistency: list(HASH),
  entries: list(object({ index: NATURAL, path: list(HASH), record: RECORD })),
};
const BUNDLES: Record<string, Shape> = {
  entities: object({ ...COMMON, pool: list(PAIR) }),
  teams: object({
    ...COMMON,
    inspectors: list(object({ id: ID, group: ID, quals: list(ANY), recuse: list(ID) })),
    tours: list(object({ id: ID, group: ID, need: list(ANY), stops: list(ID), avoid: list(PAIR) })),
  }),
};

/** The places where a bundle is not formed as DRAWS §6 rules; empty when it is. */
export function faults(bundle: unknown): string[] {
  if (!isObject(bundle)) return ["bundle"];
  return BUNDLES[Object.hasOwn(bundle, "pool") ? "entities" : "teams"]?.(bundle, "bundle") ?? ["bundle"];
}
