// The checks that only a lot of entities has: its pool, who was drawn, who was skipped, what came of it.
import type { Bundle, Story } from "./bundle";
import type { Check, Tell } from "./checks";
import { allocate, draw, poolRoot } from "./entities";
import { byBytes, same } from "./hashes";

export function* entityChecks(bundle: Bundle, own: Story, tell: Tell): Generator<Check> {
  const result = own.maybe("result");
  const facts = { n: bundle.pool.length, drawn: result ? count(result.alloc) : 0 };
  yield { name: "pool", holds: () => poolHolds(bundle, own, tell), facts };
  yield { name: "drawn", holds: () => (result ? drawnHold(bundle, own, tell) : "none"), facts };
  const skips = new Skips(own);
  yield { name: "skips", holds: () => (skips.count ? skips.hold() : "none"), facts: { n: skips.count } };
  const outcomes = own.all("outcome");
  yield {
    name: "outcomes",
    holds: () => (outcomes.length ? skips.end(outcomes) : "none"),
    facts: { n: outcomes.length },
  };
}

const count = (alloc: Record<string, number>): number => Object.values(alloc).reduce((sum, n) => sum + n, 0);

function poolHolds({ pool }: Bundle, own: Story, tell: Tell): boolean {
  const commit = own.one("commit");
  const sizes = new Map<string, number>();
  for (const [, stratum] of pool) sizes.set(stratum, (sizes.get(stratum) ?? 0) + 1);
  const strata = Object.entries(commit.strata);
  return (
    pool.length === commit.pool.n &&
    pool.every(([id], at) => at === 0 || byBytes(pool[at - 1]?.[0] ?? id, id) < 0) &&
    strata.every(([name, { N }]) => (sizes.get(name) ?? 0) === N) &&
    [...sizes.keys()].every((name) => Object.hasOwn(commit.strata, name)) &&
    poolRoot(pool, (share) => tell("pool", share)) === commit.pool.root
  );
}

function drawnHold({ pool }: Bundle, own: Story, tell: Tell): boolean {
  const { strata, n, reserve } = own.one("commit");
  const { alloc, drawn, reserves } = own.one("result");
  const seed = own.one("seed").seed;
  const given = allocate(seed, strata, n);
  if (!same(alloc, given)) return false;
  const lowest = draw(seed, pool, given, reserve, (share) => tell("drawn", share));
  const cut = (from: number, to: number | "alloc"): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(lowest).map(([name, ids]) => {
        const places = given[name] ?? 0;
        return [name, to === "alloc" ? ids.slice(from, places) : ids.slice(places)];
      }),
    );
  return same(drawn, cut(0, "alloc")) && same(reserves, cut(0, 0));
}

/** Who stands in the draw after the skips, each for the first unused reserve of its stratum. */
class Skips {
  readonly #standing = new Map<string, string>();
  readonly #reserves = new Map<string, string[]>();
  readonly #skipped = new Set<string>();
  readonly #records;
  readonly count: number;

  constructor(own: Story) {
    const result = own.maybe("result");
    for (const [stratum, ids] of Object.entries(result?.drawn ?? {})) {
      for (const id of ids) this.#standing.set(id, stratum);
    }
    for (const [stratum, ids] of Object.entries(result?.reserves ?? {})) this.#reserves.set(stratum, [...ids]);
    this.#records = own.all("skip");
    this.count = this.#records.length;
  }

  hold(): boolean {
    return this.#records.every(({ id, stratum, reserve }) => {
      if (this.#standing.get(id) !== stratum) return false;
      this.#standing.delete(id);
      this.#skipped.add(id);
      const next = this.#reserves.get(stratum)?.shift() ?? null;
      if (next !== null) this.#standing.set(next, stratum);
      return next === reserve;
    });
  }

  /** Is there one outcome for everybody who stands or was skipped, and are the skipped out of scope? */
  end(outcomes: { id: string; state: string }[]): boolean {
    const due = new Set([...this.#standing.keys(), ...this.#skipped]);
    return (
      outcomes.length === due.size &&
      outcomes.every(({ id, state }) => due.delete(id) && (!this.#skipped.has(id) || state === "out of scope"))
    );
  }
}
