// The phone's key pair: made here, never leaves; proves to the server which phone is speaking.
import { fact, type Identity, keepFact } from "../store/facts";

const KIND = { name: "ECDSA", namedCurve: "P-256" } as const;

/** This phone's id and keys; made at first need, with a private key that cannot be taken out. */
export async function identity(): Promise<Identity> {
  const known = await fact("identity");
  if (known) return known;
  const keys = await crypto.subtle.generateKey(KIND, false, ["sign", "verify"]);
  const made = { deviceId: newId(), keys };
  await keepFact("identity", made);
  return made;
}

/** The public key as the server takes it: an EC P-256 JWK with kty, crv, x and y alone. */
export async function publicKey(keys: CryptoKeyPair): Promise<JsonWebKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
  return { kty, crv, x, y } as JsonWebKey;
}

/** Base64url of the raw 64-byte ECDSA signature over a text's UTF-8 bytes. */
export async function sign(keys: CryptoKeyPair, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, bytes);
  const binary = String.fromCharCode(...new Uint8Array(signature));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** SHA-256 of bytes, as lower-case hex. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random UUID; written out because crypto.randomUUID came only with Chromium 92. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
