// Every vector of hashdraw-1 is reproduced to the byte in the browser's code.
import { describe, expect, it } from "vitest";
import { aliasOf, allocate, draw, poolRoot } from "../../backend/public/verifier/entities";
import {
  bytesToHex,
  canonical,
  concatBytes,
  digest,
  joined,
  Stream,
  utf8ToBytes,
} from "../../backend/public/verifier/hashes";
import { leafHash, root } from "../../backend/public/verifier/merkle";
import { type Inspector, leader, match, replace, replacements, type Tour } from "../../backend/public/verifier/teams";
import vectors from "../draws/draw_vectors.json";

const whole = (tour: Partial<Tour>): Tour => ({ id: "", group: "", need: [], stops: [], avoid: [], ...tour });
const pool = (rows: string[][]) => rows as [string, string][];

describe("hashdraw-1", () => {
  it("writes canonical JSON and its hash", () => {
    expect(canonical(vectors.jcs.in)).toBe(vectors.jcs.out);
    expect(digest(vectors.jcs.in)).toBe(vectors.jcs.sha256);
    expect(() => canonical(0.5)).toThrow();
  });

  it.each(vectors.ticket)("gives $id its ticket", ({ seed, id, ticket }) => {
    expect(joined("hashdraw-1/ticket", seed, id)).toBe(ticket);
  });

  it("builds Merkle roots", () => {
    const leaves = vectors.merkle.leaves_utf8.map((text) => leafHash(utf8ToBytes(text)));
    const roots = leaves.map((_, at) => root(concatBytes(...leaves.slice(0, at + 1))));
    expect(roots).toEqual(vectors.merkle.roots_n1_to_n5);
    expect(root(new Uint8Array())).toBe(vectors.merkle.empty);
    expect(bytesToHex(leafHash(utf8ToBytes("")))).toHaveLength(64);
  });

  it("finds the pool's root", () => {
    const sorted = [...vectors.pool_root.pool].sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1));
    expect(poolRoot(pool(sorted))).toBe(vectors.pool_root.root);
  });

  it.each(vectors.allocate)("shares $n among the strata", ({ seed, strata, n, out }) => {
    expect(allocate(seed, strata as Record<string, { N: number; weight: number; min: number }>, n)).toEqual(out);
  });

  it("makes the stream and shuffles by it", () => {
    const stream = new Stream(...vectors.stream.label);
    expect(Array.from({ length: 20 }, () => stream.below(10))).toEqual(vectors.stream.below_10_first20);
    expect(new Stream(...vectors.shuffle.label).shuffle(vectors.shuffle.in)).toEqual(vectors.shuffle.out);
  });

  it("draws the smallest tickets and the reserves after them", () => {
    const { seed, alloc, reserve, out } = vectors.draw;
    expect(draw(seed, pool(vectors.draw.pool), alloc, reserve)).toEqual(out);
  });

  it("matches teams to tours", () => {
    const { seed, inspectors, tours, size, limit, out, tries } = vectors.match;
    expect(
      match(
        seed,
        inspectors as Inspector[],
        tours.map((t) => whole(t as Partial<Tour>)),
        size,
        limit,
      ),
    ).toEqual({
      teams: out,
      tries,
    });
  });

  it("replaces a member by lot and names the leader", () => {
    const { seed, inspectors, tour, leaver, teams, candidates, joiner } = vectors.replace;
    const asked = whole(vectors.match.tours.find(({ id }) => id === tour) as Partial<Tour>);
    const team = Object.entries(teams).find(([id]) => id === tour)?.[1] as string[];
    const busy = new Set(Object.values(teams).flat());
    const resting = new Set(inspectors.map((one) => one.id).filter((id) => !busy.has(id)));
    expect(replacements(asked, leaver, team, inspectors as Inspector[], resting)).toEqual(candidates);
    expect(replace(seed, tour, leaver, candidates)).toBe(joiner);
    expect(leader(vectors.leader.seed, vectors.leader.tour, vectors.leader.team)).toBe(vectors.leader.leader);
  });

  it.each(vectors.alias.cases)("hides $id behind its alias", ({ id, salt, alias }) => {
    expect(aliasOf(salt, id)).toBe(alias);
  });
});
