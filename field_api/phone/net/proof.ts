// Proofs of possession in the manner of DPoP (RFC 9449): a request signed by the phone's own key.
import { newId, publicKey } from "./keys";

const HASH = "SHA-256";

export interface Proven {
  keys: CryptoKeyPair;
  method: string;
  /** As the phone calls it, without a query. */
  url: string;
  /** The server's, from the `DPoP-Nonce` of an answer; empty before the first. */
  nonce: string;
  body?: ArrayBuffer | undefined;
  /** The access token that goes with the request; a revoked phone has none. */
  token?: string | undefined;
}

/** A compact JWS over a request. No `iat`: what is fresh is known by the nonce, and a wrong clock locks nobody out. */
export async function proof({ keys, method, url, nonce, body, token }: Proven): Promise<string> {
  const head = { typ: "dpop+jwt", alg: "ES256", jwk: await publicKey(keys) };
  const claims = {
    jti: newId(),
    htm: method,
    htu: url,
    nonce,
    ...(body ? { bsh: await digest(body) } : {}),
    ...(token ? { ath: await digest(utf8(token)) } : {}),
  };
  const signed = `${base64url(utf8(JSON.stringify(head)))}.${base64url(utf8(JSON.stringify(claims)))}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: HASH }, keys.privateKey, utf8(signed));
  return `${signed}.${base64url(signature)}`;
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  return base64url(await crypto.subtle.digest(HASH, bytes));
}

function utf8(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

function base64url(bytes: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
