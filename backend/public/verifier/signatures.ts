// Signatures that a bundle bears: Ed25519 of the log's heads, BLS of a beacon's round (drand, unchained, on G1).
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Head } from "./bundle";
import { canonical, hexToBytes, sha256, utf8ToBytes } from "./hashes";

const DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** Is a head signed with the key that it names? */
export function headHolds({ size, root, time, key, signature }: Head): boolean {
  const said = utf8ToBytes(canonical({ size, root, time }));
  return ed25519.verify(hexToBytes(signature), said, hexToBytes(key), { zip215: false });
}

/** Is it the signature of a beacon's round? Throws when it is no point of the curve at all. */
export function roundHolds(key: string, round: number, signature: string): boolean {
  const number = new DataView(new ArrayBuffer(8));
  number.setBigUint64(0, BigInt(round));
  const { shortSignatures } = bls12_381;
  const point = shortSignatures.hash(sha256(new Uint8Array(number.buffer)), DOMAIN);
  return shortSignatures.verify(hexToBytes(signature), point, hexToBytes(key));
}
