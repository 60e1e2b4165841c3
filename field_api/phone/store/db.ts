// What the phone keeps: its identity, tasks, checklists, visits in the making, photos, arrivals. IndexedDB by Dexie.
import { Dexie, type EntityTable } from "dexie";
import type { Answers as FormAnswers } from "../form";
import type { Colleague } from "../rules/shares";
import type { CheckInAnswer, Checklist, ProblemBody, Receipt, Task, Value } from "../types";
import type { KeptBytes } from "./cipher";
import { sealing } from "./sealed";

/** Where and how exactly the phone was (degrees WGS 84, metres), and when by its own clock. */
export interface Fix {
  lon: number;
  lat: number;
  accuracy: number;
  at: string;
}

export interface Answer {
  value: Value | null;
  remark: string;
}

/** Somebody's signature: drawn (a photo's id) or given by name alone; `of` marks the record that was signed. */
export interface Signing {
  photoId: string | null;
  at: string;
  of: string;
}

/** What was said when recusal was asked about; with `decision`, who rejected it and when, the visit goes on. */
export interface Recusal {
  asked: boolean;
  ground: string;
  decision: string;
}

/** How a piece of unsent work fares: how often it was tried, when next, and what a person must look at. */
export interface Sending {
  tries: number;
  nextAt: number;
  problem: ProblemBody | null;
}

/**
 * One visit in the making, or sealed for sending. `draft` may be changed; `sealed` holds the exact bytes that are
 * sent again and again until `received`; `refused` waits for a person, who may put it
 * `aside` when another record came first; `moved` is on its way between phones; `taken` is in another phone's hands.
 */
export interface Visit extends Sending {
  id: string;
  taskId: string;
  checklistId: string;
  state: "draft" | "sealed" | "refused" | "aside" | "received" | "moved" | "taken";
  step: number;
  startedAt: string;
  arrivedAt: string | null;
  cardsShown: boolean;
  rightsTold: boolean;
  answers: Record<number, Answer>;
  photoIds: string[];
  resultCode: string | null;
  comment: string;
  entitySigner: string;
  refused: boolean;
  refusalReason: string;
  witness: string;
  body: string | null;
  sealedAt: string | null;
  receipt: Receipt | null;
  /** Of a `moved` draft: another phone may take it, or it came and the server does not know it yet. */
  moving?: "away" | "coming";
  /** Answers to what the checklist asks besides its items, by question; and how often its fields were drawn anew. */
  formAnswers?: FormAnswers;
  formDrawn?: number;
  /** What stood before another version of the checklist took its place; `seen` once its changes were looked over. */
  before?: { checklistId: string; answers: Record<number, Answer>; formAnswers: FormAnswers; seen?: boolean };
  /** What is typed or scanned before checking in. */
  arriving?: { scanned: string; reason: string };
  /** When the steps on site were taken, by the phone's clock; `of` marks the record that was read out. */
  cardsShownAt?: string | null;
  rightsToldAt?: string | null;
  recusal?: Recusal | null;
  readBack?: { at: string; of: string } | null;
  /** Who signed: officers by inspector id, "entity", "witness". */
  signings?: Record<string, Signing>;
  /** Of a correction: the returned version, and the reviewer's remarks by item. */
  replaces?: string | null;
  remarks?: Record<number, string>;
  /** Of a team's visit: what colleagues heard last, what they found, and the differences that the leader has decided. */
  shared?: { content: string; seq: number; at: string };
  colleagues?: Colleague[];
  settled?: Record<number, string>;
  settledQuestions?: Record<string, string>;
  /** How often each answer was taken over from a colleague: its fields on the screen are drawn anew then. */
  taken?: Record<number, number>;
}

/** A photo's untouched bytes and what was known when it was taken. Its id is the evidence id. */
export interface Photo extends Sending {
  id: string;
  taskId: string;
  item: number | null;
  /** Sealed once there is a PIN: `openBytes` makes a Blob of them. */
  bytes: KeptBytes | null;
  thumb: KeptBytes | null;
  name: string;
  type: string;
  size: number;
  sha256: string;
  takenAt: string;
  /** Neither of an item nor of the site: a drawn signature, sound and video of the whole visit, a question's answer. */
  purpose?: "signature" | "recording" | "question";
  /** The question that it answers, by name; signatures may be answers too. */
  question?: string;
  fix: Fix | null;
  clockOffsetMs: number;
  seq: number;
  uploadUrl: string | null;
  state: "kept" | "waiting" | "sent" | "refused";
}

export interface Arrival extends Sending {
  id: string;
  taskId: string;
  at: string;
  fix: Fix | null;
  clockOffsetMs: number;
  scanned: string | null;
  reason: string | null;
  state: "waiting" | "sent" | "refused";
  answer: CheckInAnswer | null;
}

/** The phone's identity and small facts, one row each. */
export interface Fact {
  key: string;
  value: unknown;
}

export interface KeptTask extends Task {
  order: number;
  /** No longer this team's: it stays only because work of it has not been sent. */
  gone?: boolean;
}

/**
 * Strict: what was kept is on the disk, should the battery fail the next moment. No cache: what is locked must not
 * stay readable in memory.
 */
export const db = new Dexie("fieldlot", { chromeTransactionDurability: "strict", cache: "disabled" }) as Dexie & {
  facts: EntityTable<Fact, "key">;
  tasks: EntityTable<KeptTask, "id">;
  checklists: EntityTable<Checklist, "id">;
  visits: EntityTable<Visit, "id">;
  photos: EntityTable<Photo, "id">;
  arrivals: EntityTable<Arrival, "id">;
};

db.version(1).stores({
  facts: "key",
  tasks: "id, order",
  checklists: "id",
  visits: "id, taskId, state",
  photos: "id, taskId, state, sha256",
  arrivals: "id, taskId, state",
});

/** Same tables; a tab of the version before, which knows nothing of sealed rows, is shut out. */
db.version(2).stores({});

db.use(sealing);

export const unsent: Sending = { tries: 0, nextAt: 0, problem: null };
