// What a bundle holds once its form is checked (DRAWS §4 and §6).
import type { ByStratum, Pool, Stratum } from "./entities";
import type { Inspector, Teams, Tour } from "./teams";

export interface Head {
  size: number;
  root: string;
  time: string;
  key: string;
  signature: string;
}
export interface SeedPlan {
  dice: { n: number } | null;
  drand: { chain: string; key: string; genesis: number; period: number; round: number } | null;
  nonces: Record<string, string>;
  lead: number;
}
interface Common {
  lot: string;
  at: string;
}
export interface Commit extends Common {
  type: "commit";
  kind: "entities" | "teams";
  round: string;
  attempt: number;
  seed_plan: SeedPlan;
  by: string;
  pool: { n: number; root: string };
  strata: ByStratum<Stratum>;
  n: number;
  reserve: number;
  staff: string;
  match: { size: number; limit: number };
}
export interface Dice extends Common {
  type: "dice";
  commit: string;
  dice: string;
  witnesses: string[];
}
export interface Seed extends Common {
  type: "seed";
  commit: string;
  dice: string | null;
  drand: { round: number; signature: string; randomness: string } | null;
  nonces: Record<string, string>;
  seed: string;
}
export interface Result extends Common {
  type: "result";
  seed: string;
  alloc: ByStratum<number>;
  drawn: ByStratum<string[]>;
  reserves: ByStratum<string[]>;
  teams: Teams;
  tries: Record<string, number>;
}
export interface Void extends Common {
  type: "void";
  attempt: number;
  by: string[];
}
export interface Skip extends Common {
  type: "skip";
  id: string;
  stratum: string;
  reserve: string | null;
}
export interface Replace extends Common {
  type: "replace";
  tour: string;
  leaver: string;
  joiner: string;
}
export interface Outcome extends Common {
  type: "outcome";
  id: string;
  state: string;
}
export type Entry = { index: number; path: string[]; record: LotRecord };
export type LotRecord = Commit | Dice | Seed | Result | Void | Skip | Replace | Outcome;

export interface Bundle {
  lot: string;
  heads: [Head, Head];
  consistency: string[];
  entries: Entry[];
  pool: Pool;
  inspectors: Inspector[];
  tours: Tour[];
}

/** The records of one lot, by type. */
export class Story {
  readonly records: LotRecord[];

  constructor(bundle: Bundle, lot: string) {
    this.records = bundle.entries.map((entry) => entry.record).filter((record) => record.lot === lot);
  }

  /** All records of a type, in log order. */
  all<T extends LotRecord["type"]>(type: T): Extract<LotRecord, { type: T }>[] {
    return this.records.filter((record): record is Extract<LotRecord, { type: T }> => record.type === type);
  }

  /** The record of a type, if the lot has come so far. */
  maybe<T extends LotRecord["type"]>(type: T): Extract<LotRecord, { type: T }> | undefined {
    return this.all(type)[0];
  }

  /** The record of a type. Throws RangeError. */
  one<T extends LotRecord["type"]>(type: T): Extract<LotRecord, { type: T }> {
    const found = this.maybe(type);
    if (!found) throw new RangeError(`the lot has no record "${type}"`);
    return found;
  }
}
