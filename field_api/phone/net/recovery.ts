// A forgotten PIN: the second wrapping is made for a key of the server, which finds the secret again for a shown code.
import { openBase64url } from "../rules/base64url";
import { lockMode } from "../store/cipher";
import { fact } from "../store/facts";
import { hasRecovery, keepRecovery, recover, theVault } from "../store/vault";
import { getEscrowKey, postKeyShare } from "./doors";
import { identity } from "./keys";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** This phone has no second wrapping that the server could open: it never spoke with it since its PIN was chosen. */
export class NoRecovery extends Error {
  constructor() {
    super("no-recovery");
  }
}

/** See that there is a second wrapping for the server's present key. Raises ServerProblem, NoAnswer. */
export async function tendRecovery(): Promise<void> {
  if (lockMode() !== "open" || !(await fact("person"))) return;
  const { deviceId } = await identity();
  const theirs = await getEscrowKey();
  if (await hasRecovery(deviceId, theirs.x ?? "")) return;
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const secret = await agree(ours.privateKey, theirs, deviceId);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", ours.publicKey);
  await keepRecovery(secret, { device: deviceId, of: theirs.x ?? "", ephemeral: { kty, crv, x, y } as JsonWebKey });
}

/** The secret both sides come to; the same steps as backend/accounts/escrow.py. */
async function agree(ours: CryptoKey, theirs: JsonWebKey, deviceId: string): Promise<Uint8Array<ArrayBuffer>> {
  const their = await crypto.subtle.importKey("jwk", theirs, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: their }, ours, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(`fieldlot-key-share:${deviceId}`);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
}

/** Choose a new PIN with a code that an administrator shows. Raises NoRecovery, ServerProblem, NoAnswer. */
export async function resetPin(code: string, pin: string): Promise<void> {
  const { recovery } = await theVault();
  const { deviceId } = await identity();
  if (recovery?.device !== deviceId) throw new NoRecovery();
  const secret = await postKeyShare(code, recovery.ephemeral);
  if (!(await recover(openBase64url(secret), pin))) throw new NoRecovery();
}
