// The key of all that is kept: wrapped by the PIN, and by what the server gives when the PIN was forgotten. See decision 15.
import { newId } from "../net/keys";
import { type Failures, waitLeft } from "../rules/pin";
import { close, KEY_BYTES, open } from "./cipher";
import { db } from "./db";
import { fact, keepFact } from "./facts";
import { PLAIN_FACTS } from "./sealed";

const ROUNDS = 600_000;
const LOCK = "fieldlot-unlock";
const NONE: Failures = { count: 0, at: 0 };
const encoder = new TextEncoder();

interface Box {
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
}

/** The second wrapping: only the server's key of `device` opens `ephemeral`, and only for who shows a new code. */
export interface Recovery {
  device: string;
  /** The server's public key it was made for (its x). */
  of: string;
  ephemeral: JsonWebKey;
  box: Box;
}

/** Kept plain, for it is read before anything can be opened. */
export interface Vault {
  id: string;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  /** HMAC, not to be taken out: both wrappings need it beside what the person or the server knows. */
  here: CryptoKey;
  pin: Box;
  recovery: Recovery | null;
  failures: Failures;
  /** Everything that was kept before there was a PIN is sealed by now. */
  swept: boolean;
}

export type Unlocked = { is: "open" } | { is: "wrong" | "wait"; waitMs: number };

let master: Uint8Array<ArrayBuffer> | null = null;

/** Look whether there is a PIN; call it before anything else is read. */
export async function loadVault(): Promise<void> {
  master = null;
  close((await fact("vault")) && !(await guardsNothing()) ? "locked" : "none");
}

/** A PIN was chosen, but the phone was never enrolled with it, and there is no work: nobody needs to know it. */
async function guardsNothing(): Promise<boolean> {
  const people = await db.facts.where("key").equals("person").count();
  const work = await Promise.all([db.visits.count(), db.photos.count(), db.arrivals.count()]);
  return people + work.reduce((all, count) => all + count, 0) === 0;
}

/** Choose the first PIN of this phone. Raises Error where there is one that guards something. */
export async function choosePin(pin: string): Promise<void> {
  const fresh = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const here = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const wrapped = await wrap(fresh, await keyOfPin(pin, { salt, rounds: ROUNDS, here }));
  const common = { recovery: null, failures: NONE, swept: false };
  const vault: Vault = { ...common, id: newId(), salt, rounds: ROUNDS, here, pin: wrapped };
  await db.transaction("rw", db.tables, async () => {
    if (await fact("vault")) await dropVault();
    await keepFact("vault", vault);
  });
  await opened(fresh);
}

/** The phone was not enrolled after all: the PIN that was chosen for it goes, unless it guards something. */
export async function abandonPin(): Promise<void> {
  if (!(await guardsNothing())) return;
  await db.transaction("rw", db.tables, dropVault);
  master = null;
  close("none");
}

/** What was sealed with it can be fetched anew. */
async function dropVault(): Promise<void> {
  if (!(await guardsNothing())) throw new Error("this phone has a PIN already; load the page anew");
  await Promise.all([db.tasks.clear(), db.checklists.clear()]);
  await db.facts
    .where("key")
    .noneOf(PLAIN_FACTS.filter((key) => key !== "vault"))
    .delete();
}

/** Try a PIN. It is counted before it is tried, so that nobody gains a try by ending the app. */
export function unlock(pin: string): Promise<Unlocked> {
  return navigator.locks.request(LOCK, async (): Promise<Unlocked> => {
    const vault = await theVault();
    const left = waitLeft(vault.failures, Date.now());
    if (left > 0) return { is: "wait", waitMs: left };
    const failures = { count: vault.failures.count + 1, at: Date.now() };
    await alterVault({ failures });
    const found = await unwrap(vault.pin, await keyOfPin(pin, vault));
    if (!found) return { is: "wrong", waitMs: waitLeft(failures, Date.now()) };
    await alterVault({ failures: NONE });
    await opened(found);
    return { is: "open" };
  });
}

/** Change the PIN; the old one is asked for and counted as for unlocking. */
export async function changePin(old: string, pin: string): Promise<Unlocked> {
  const answer = await unlock(old);
  if (answer.is === "open" && master) await putPin(master, pin);
  return answer;
}

/** Lock: nothing can be read until the PIN is given. */
export function lock(): void {
  master?.fill(0);
  master = null;
  close("locked");
}

/** This tab's key, for other tabs of this phone. */
export function masterKey(): Uint8Array<ArrayBuffer> | null {
  return master;
}

/** Open with a key that another tab has. */
export async function opened(key: Uint8Array<ArrayBuffer>): Promise<void> {
  master = key.slice();
  await open(master);
}

/** Is there a second wrapping for this device and this key of the server? */
export async function hasRecovery(device: string, of: string): Promise<boolean> {
  const { recovery } = await theVault();
  return recovery?.device === device && recovery.of === of;
}

/** Keep the second wrapping; `secret` is forgotten here, the server can find it again. */
export async function keepRecovery(secret: Uint8Array<ArrayBuffer>, kept: Omit<Recovery, "box">): Promise<void> {
  const key = master;
  if (!key) return;
  const vault = await theVault();
  const box = await wrap(key, await keyOfSecret(secret, vault));
  await alterVault({ recovery: { ...kept, box } });
}

/** Choose a new PIN with what the server gave. Returns false where it does not fit. */
export async function recover(secret: Uint8Array<ArrayBuffer>, pin: string): Promise<boolean> {
  const vault = await theVault();
  const found = vault.recovery && (await unwrap(vault.recovery.box, await keyOfSecret(secret, vault)));
  if (!found) return false;
  await putPin(found, pin);
  await opened(found);
  return true;
}

export async function theVault(): Promise<Vault> {
  const vault = await fact("vault");
  if (!vault) throw new Error("no PIN was chosen on this phone");
  return vault;
}

/** Change some of it, whatever another tab changes at the same time. */
export function alterVault(changes: Partial<Vault>): Promise<void> {
  return db.transaction("rw", db.facts, async () => keepFact("vault", { ...(await theVault()), ...changes }));
}

async function putPin(key: Uint8Array<ArrayBuffer>, pin: string): Promise<void> {
  const vault = await theVault();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const wrapped = await wrap(key, await keyOfPin(pin, { ...vault, salt, rounds: ROUNDS }));
  await alterVault({ salt, rounds: ROUNDS, pin: wrapped, failures: NONE });
}

async function keyOfPin(pin: string, { salt, rounds, here }: Pick<Vault, "salt" | "rounds" | "here">) {
  const typed = await crypto.subtle.importKey("raw", encoder.encode(pin), "PBKDF2", false, ["deriveBits"]);
  const slow = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return mixed(here, "pin", new Uint8Array(await crypto.subtle.deriveBits(slow, typed, 256)));
}

function keyOfSecret(secret: Uint8Array<ArrayBuffer>, { here }: Vault): Promise<CryptoKey> {
  return mixed(here, "recovery", secret);
}

/** A key that needs both this phone's own and what was given. */
async function mixed(here: CryptoKey, purpose: string, given: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const label = encoder.encode(`fieldlot-${purpose}:`);
  const both = new Uint8Array([...label, ...given]);
  const bits = await crypto.subtle.sign("HMAC", here, both);
  return crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function wrap(key: Uint8Array<ArrayBuffer>, by: CryptoKey): Promise<Box> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, key) };
}

async function unwrap({ iv, box }: Box, by: CryptoKey): Promise<Uint8Array<ArrayBuffer> | null> {
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, by, box).catch(() => null);
  return opened && new Uint8Array(opened);
}
