// The phone's identity and small facts: who it speaks for, its key pair, its token, its clock's offset.
import type { Person } from "../types";
import { db } from "./db";
import type { LogEntry } from "./log";
import type { Vault } from "./vault";

export interface Identity {
  deviceId: string;
  keys: CryptoKeyPair;
}

export interface Token {
  token: string;
  expiresAt: string;
}

interface Facts {
  identity: Identity;
  /** Set once the server has enrolled this phone. */
  person: Person;
  token: Token;
  /** Phone clock minus server clock, in milliseconds. */
  clockOffsetMs: number;
  /** When tasks were last fetched, by the phone's clock. */
  fetchedAt: string;
  /** What the phone noticed of itself and has not handed over. */
  log: LogEntry[];
  /** Where the last pull of changes ended. */
  pulled: string;
  /** Set when an administrator took this phone's access away: unsent work is handed over, then all is wiped. */
  revoked: boolean;
  /** Of a revoked phone: the pieces that were handed over. */
  handed: string[];
  /** Set when the server does not know this phone: nothing is sent, nothing is wiped. */
  unknown: boolean;
  /** How the key of all other rows is wrapped. */
  vault: Vault;
}

export async function fact<K extends keyof Facts>(key: K): Promise<Facts[K] | undefined> {
  return (await db.facts.get(key))?.value as Facts[K] | undefined;
}

export async function keepFact<K extends keyof Facts>(key: K, value: Facts[K]): Promise<void> {
  await db.facts.put({ key, value });
}

export async function forgetFact(key: keyof Facts): Promise<void> {
  await db.facts.delete(key);
}

/** The phone clock's offset as last measured; 0 before the first answer of the server. */
export async function clockOffset(): Promise<number> {
  return (await fact("clockOffsetMs")) ?? 0;
}
