// Is a receipt the server's word for this very visit? Its ids and its Ed25519 signature are checked on the phone.
import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Receipt } from "../types";

export interface Expected {
  submission: string;
  task: string;
}

/**
 * Does the receipt name this submission and task, and is it signed by the key that it names (media/seal.py)?
 * Whose key that is, is for the reader to compare. Never throws: what cannot be read does not hold.
 */
export function receiptHolds(receipt: Receipt, { submission, task }: Expected): boolean {
  if (receipt.submission !== submission || receipt.task !== task) return false;
  const { signature, ...told } = receipt;
  try {
    return ed25519.verify(hexToBytes(signature), utf8ToBytes(canonical(told)), hexToBytes(receipt.key));
  } catch {
    return false;
  }
}

/** Canonical JSON of a flat object of text: names sorted, no spaces. */
function canonical(told: Record<string, string>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(told).sort(([a], [b]) => (a < b ? -1 : 1))));
}
