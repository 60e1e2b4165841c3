// The first lot (DRAWS §2): allocation in whole numbers, the pool's root, the smallest tickets of each stratum.
import { byBytes, joined, sha256, utf8ToBytes } from "./hashes";
import { root } from "./merkle";

export interface Stratum {
  N: number;
  weight: number;
  min: number;
}
export type Pool = [id: string, stratum: string][];
export type ByStratum<T> = Record<string, T>;
type Tell = (share: number) => void;

const quiet: Tell = () => {};
const EVERY = 0x1fff;
const LONGEST = 4096;
const encoder = new TextEncoder();

/** Shares `n` among the strata: floors first, then N × weight by largest remainder, capped at N. Throws RangeError. */
export function allocate(seed: string, strata: ByStratum<Stratum>, n: number): ByStratum<number> {
  const given = new Map(Object.entries(strata).map(([name, s]) => [name, Math.min(s.N, s.min)]));
  const left = () => n - [...given.values()].reduce((sum, count) => sum + count, 0);
  if (left() < 0) throw new RangeError("the floors add up to more than is to be drawn");
  while (left() > 0) {
    const open = Object.entries(strata).filter(([name, s]) => (given.get(name) ?? 0) < s.N && s.weight > 0);
    if (open.length === 0) break;
    for (const [name, share] of shares(seed, open, left())) {
      given.set(name, Math.min(strata[name]?.N ?? 0, (given.get(name) ?? 0) + share));
    }
  }
  return Object.fromEntries(given);
}

function shares(seed: string, open: [string, Stratum][], left: number): [string, number][] {
  const pull = (s: Stratum): bigint => BigInt(s.N) * BigInt(s.weight);
  const total = open.reduce((sum, [, s]) => sum + pull(s), 0n);
  const cut = open.map(([name, s]) => {
    const wish = BigInt(left) * pull(s);
    return { name, share: Number(wish / total), rest: wish % total, tie: joined("hashdraw-1/alloc", seed, name) };
  });
  const spare = left - cut.reduce((sum, { share }) => sum + share, 0);
  cut.sort((a, b) => (a.rest === b.rest ? (a.tie < b.tie ? -1 : 1) : a.rest > b.rest ? -1 : 1));
  return cut.map(({ name, share }, at) => [name, at < spare ? share + 1 : share]);
}

/** Merkle root of `id ‖ 0x1F ‖ stratum` over the pool in its order; hex. */
export function poolRoot(pool: Pool, tell: Tell = quiet): string {
  const hash = hasher(new Uint8Array([0]));
  const leaves = new Uint8Array(pool.length * 32);
  pool.forEach(([id, stratum], at) => {
    leaves.set(hash(`${id}\x1f${stratum}`), at * 32);
    if ((at & EVERY) === 0) tell(at / pool.length / 2);
  });
  return root(leaves, (done) => tell(0.5 + done / pool.length / 2));
}

/** The smallest tickets of each stratum, in their order: as many as allocated, then `reserve` more. */
export function draw(
  seed: string,
  pool: Pool,
  alloc: ByStratum<number>,
  reserve: number,
  tell: Tell = quiet,
): ByStratum<string[]> {
  const hash = hasher(utf8ToBytes(`hashdraw-1/ticket\x1f${seed}\x1f`));
  const begins = new Map<string, { ids: string[]; tickets: number[] }>();
  for (const name of Object.keys(alloc)) begins.set(name, { ids: [], tickets: [] });
  pool.forEach(([id, stratum], at) => {
    const own = begins.get(stratum);
    if (!own) throw new RangeError(`stratum ${stratum} is not allocated`);
    own.ids.push(id);
    own.tickets.push(first48(hash(id)));
    if ((at & EVERY) === 0) tell(at / pool.length);
  });
  return Object.fromEntries(
    [...begins].map(([name, own]) => [name, smallest(seed, own.ids, own.tickets, (alloc[name] ?? 0) + reserve)]),
  );
}

/** The ids of the `count` smallest tickets: narrowed by their first 48 bits, ordered by all 256. */
function smallest(seed: string, ids: string[], begins: number[], count: number): string[] {
  if (count <= 0) return [];
  const bound = Float64Array.from(begins).sort()[Math.min(count, begins.length) - 1] ?? 0;
  return ids
    .filter((_, at) => (begins[at] ?? 0) <= bound)
    .map((id) => ({ id, ticket: joined("hashdraw-1/ticket", seed, id) }))
    .sort((a, b) => byBytes(a.ticket, b.ticket) || byBytes(a.id, b.id))
    .slice(0, count)
    .map(({ id }) => id);
}

function first48(hash: Uint8Array): number {
  const view = new DataView(hash.buffer, hash.byteOffset);
  return view.getUint32(0) * 0x10000 + view.getUint16(4);
}

/** SHA-256 of a fixed beginning and a text, through one buffer. */
function hasher(begin: Uint8Array): (text: string) => Uint8Array {
  const buffer = new Uint8Array(begin.length + LONGEST);
  buffer.set(begin);
  const rest = buffer.subarray(begin.length);
  return (text) => {
    const { read, written } = encoder.encodeInto(text, rest);
    if (read !== text.length) throw new RangeError(`an id is longer than ${LONGEST} bytes`);
    return sha256(buffer.subarray(0, begin.length + written));
  };
}

/** The alias of an id under its salt (DRAWS §1), hex. */
export const aliasOf = (salt: string, id: string): string => joined("hashdraw-1/alias", salt, id);
