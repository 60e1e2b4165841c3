// Sealing what the phone keeps: rows by XChaCha20-Poly1305, at once; bytes of photos by AES-GCM, before a transaction.
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

/** There is a PIN and it was not given yet, or the phone was locked again. */
export class Locked extends Error {
  constructor() {
    super("locked");
    this.name = "Locked";
  }
}

/** "none": no PIN was chosen yet, all is kept as it is. "locked": nothing can be read. "open": all is sealed and opened. */
export type Mode = "none" | "locked" | "open";

/** Bytes as they are kept: sealed or not; `openBytes` makes a Blob of them. */
export type KeptBytes = Pick<Blob, "size" | "type">;

export const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const IV_BYTES = 12;
/** Marks sealed bytes; what follows is the type they had. */
const SEALED = "application/x-sealed;of=";

let mode: Mode = "none";
let rows: Uint8Array | null = null;
let bytes: CryptoKey | null = null;
const waiting = new Set<() => void>();
const listeners = new Set<(mode: Mode) => void>();

export function lockMode(): Mode {
  return mode;
}

/** Hear when the phone is locked or unlocked. Returns how to stop. */
export function onLockMode(listener: (mode: Mode) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** From now on rows and bytes are sealed with this key (32 bytes), and can be opened. */
export async function open(master: Uint8Array<ArrayBuffer>): Promise<void> {
  const base = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey", "deriveBits"]);
  rows = new Uint8Array(await crypto.subtle.deriveBits(purpose("rows"), base, KEY_BYTES * 8));
  bytes = await crypto.subtle.deriveKey(purpose("bytes"), base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  become("open");
  for (const go of waiting) go();
  waiting.clear();
}

function purpose(name: string) {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode(`fieldlot-${name}`) };
}

/** Forget the keys: what is kept cannot be read until a PIN is given, nor written. */
export function close(to: "locked" | "none"): void {
  rows = null;
  bytes = null;
  become(to);
}

function become(now: Mode): void {
  mode = now;
  for (const listener of listeners) listener(now);
}

/** Wait until the phone is not locked: a photo that comes back from the camera's own app is not lost. */
function whenOpen(): Promise<void> {
  return mode === "locked" ? new Promise((go) => waiting.add(go)) : Promise.resolve();
}

/** Seal a text for a place; it can be opened in this place alone. Raises Locked. */
export function sealText(text: string, place: string): Uint8Array<ArrayBuffer> {
  if (!rows) throw new Locked();
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const box = xchacha20poly1305(rows, nonce, utf8(place)).encrypt(utf8(text));
  const whole = new Uint8Array(NONCE_BYTES + box.length);
  whole.set(nonce);
  whole.set(box, NONCE_BYTES);
  return whole;
}

/** Open what `sealText` made. Raises Locked, and Error where it was sealed with another key or for another place. */
export function openText(sealed: Uint8Array, place: string): string {
  if (!rows) throw new Locked();
  const cipher = xchacha20poly1305(rows, sealed.subarray(0, NONCE_BYTES), utf8(place));
  return new TextDecoder().decode(cipher.decrypt(sealed.subarray(NONCE_BYTES)));
}

/** Seal bytes before they are written into a row; waits while the phone is locked. */
export async function sealBytes(plain: Blob): Promise<Blob> {
  await whenOpen();
  if (!bytes || isSealed(plain)) return plain;
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, bytes, await plain.arrayBuffer());
  return new Blob([iv, box], { type: SEALED + plain.type });
}

/** Bytes as they were before they were sealed, with their type. Never within a transaction. Raises Locked. */
export async function openBytes(kept: KeptBytes): Promise<Blob> {
  const blob = kept as Blob;
  if (!isSealed(blob)) return blob;
  if (!bytes) throw new Locked();
  const whole = await blob.arrayBuffer();
  const iv = new Uint8Array(whole, 0, IV_BYTES);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, bytes, new Uint8Array(whole, IV_BYTES));
  return new Blob([plain], { type: blob.type.slice(SEALED.length) });
}

export function isSealed(kept: KeptBytes): boolean {
  return kept.type.startsWith(SEALED);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
