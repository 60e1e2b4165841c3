// Merkle trees of RFC 9162: roots, and the verification of inclusion and consistency proofs.
import { bytesToHex, concatBytes, hexToBytes, sha256 } from "./hashes";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const leafHash = (data: Uint8Array): Uint8Array => sha256(concatBytes(LEAF, data));
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(NODE, left, right));

/** The root over leaf hashes, 32 bytes each in one array (400,000 small arrays would cost ten times the memory), hex. */
export function root(leaves: Uint8Array, tell: (done: number) => void = () => {}): string {
  let level = leaves;
  if (level.length === 0) return bytesToHex(sha256(level));
  const pair = new Uint8Array(65);
  pair[0] = 1;
  for (let done = 0; level.length > 32; ) {
    const above = new Uint8Array(Math.ceil(level.length / 64) * 32);
    for (let at = 0; at + 32 < level.length; at += 64) {
      pair.set(level.subarray(at, at + 64), 1);
      above.set(sha256(pair), at / 2);
      if ((++done & 0x1fff) === 0) tell(done);
    }
    if (level.length % 64) above.set(level.subarray(-32), above.length - 32);
    level = above;
  }
  return bytesToHex(level);
}

/** Does the path lead from a leaf hash at `index` to the root of a tree of `size` (RFC 9162 §2.1.3.2)? */
export function includes(leaf: Uint8Array, index: number, size: number, path: string[], head: string): boolean {
  if (!(index >= 0 && index < size)) return false;
  const ends = climb(index, size - 1, path.map(hexToBytes), leaf, leaf);
  return ends !== null && bytesToHex(ends[1]) === head;
}

/** Is the tree of `first` leaves a beginning of that of `second` (RFC 9162 §2.1.4.2)? Roots and path in hex. */
export function consistent(first: number, second: number, path: string[], old: string, now: string): boolean {
  if (first === second) return path.length === 0 && old === now;
  if (first < 1 || first > second) return false;
  let left = first - 1;
  let last = second - 1;
  while (left % 2 === 1) [left, last] = [Math.floor(left / 2), Math.floor(last / 2)];
  // A whole power of two is the beginning's own root, so the proof does not repeat it.
  const steps = (left === 0 ? [old, ...path] : path).map(hexToBytes);
  const start = steps.shift();
  const ends = start ? climb(left, last, steps, start, start) : null;
  return ends !== null && bytesToHex(ends[0]) === old && bytesToHex(ends[1]) === now;
}

/** Climbs two trees at once, the old one by the steps that lie in it; null when the path is too long or too short. */
function climb(
  index: number,
  last: number,
  path: Uint8Array[],
  left: Uint8Array,
  right: Uint8Array,
): [Uint8Array, Uint8Array] | null {
  let [at, end, old, now] = [index, last, left, right];
  const half = (n: number): number => Math.floor(n / 2);
  for (const step of path) {
    if (end === 0) return null;
    if (at % 2 === 1 || at === end) {
      [old, now] = [nodeHash(step, old), nodeHash(step, now)];
      while (at % 2 === 0 && at !== 0) [at, end] = [half(at), half(end)];
    } else {
      now = nodeHash(now, step);
    }
    [at, end] = [half(at), half(end)];
  }
  return end === 0 ? [old, now] : null;
}
