// The primitives of hashdraw-1 (DRAWS §1): joined hashes, canonical JSON, the order of texts, streams of random integers.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, concatBytes, hexToBytes, sha256, utf8ToBytes };

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const SPAN = 2n ** 64n;

/** H(a, b, …): SHA-256 of the UTF-8 parts joined by 0x1F, in lower-case hex. */
export function joined(...parts: string[]): string {
  return bytesToHex(sha256(utf8ToBytes(parts.join("\x1f"))));
}

/** Canonical JSON (RFC 8785) of objects, arrays, texts, booleans, null and safe integers. Throws on anything else. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`${value} is no safe integer`);
  if (value === undefined) throw new TypeError("nothing is no JSON");
  return JSON.stringify(value);
}

/** The record hash: SHA-256 of the canonical JSON, hex. */
export function digest(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

/** Are two values the same JSON, whatever the order of their keys? */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Compares texts by their UTF-8 bytes: surrogates come after all other units. */
export function byBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x >= 0xd800 && y >= 0xd800 ? raised(x) - raised(y) : x - y;
  }
  return a.length - b.length;
}

const raised = (unit: number): number => (unit >= 0xe000 ? unit - 0x2000 : unit + 0x2000);

/** Random integers labelled by parts; block i is H(label…, i), four big-endian 64-bit numbers each. */
export class Stream {
  readonly #label: string;
  #block = new DataView(new ArrayBuffer(0));
  #index = 0;
  #at = 0;

  constructor(...label: string[]) {
    this.#label = label.join("\x1f");
  }

  #next(): bigint {
    if (this.#at >= this.#block.byteLength) {
      const bytes = sha256(utf8ToBytes(`${this.#label}\x1f${this.#index++}`));
      this.#block = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#at = 0;
    }
    this.#at += 8;
    return this.#block.getBigUint64(this.#at - 8);
  }

  /** A uniform integer in 0 … n−1; numbers of 2^64 − 2^64 mod n and above are rejected. */
  below(n: number): number {
    const size = BigInt(n);
    const limit = SPAN - (SPAN % size);
    for (;;) {
      const number = this.#next();
      if (number < limit) return Number(number % size);
    }
  }

  /** Fisher–Yates from the last index down to 1. */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }
}
