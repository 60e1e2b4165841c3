// What is sent next, and what follows from an answer. Pure: the doing is in net/queue.ts.
// Within a visit photos go before the submission; what is small and whole goes before any photos, and visits never
// wait for each other.

/** A piece of work as the queue sees it; times are milliseconds by the phone's clock. */
export interface Piece {
  kind: "arrival" | "photo" | "submission";
  id: string;
  /** False for what a person must look at first. */
  waiting: boolean;
  nextAt: number;
  /** Photos a submission names. */
  needs: readonly string[];
}

/** `again` is the server's own word on whether the same bytes may go through later, where it gave one. */
export type Reply =
  | { kind: "done" }
  | { kind: "no_answer" }
  | { kind: "problem"; code: string; status: number; again?: boolean };

export type Verdict =
  | { do: "keep" } // it arrived: note it
  | { do: "later" } // nothing wrong with it: try again after a while
  | { do: "resend_photos" } // the server misses photos that we took for sent
  | { do: "stop" } // this phone may not send any more
  | { do: "ask_person" }; // it will not go through as it is

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const PASSING = new Set([408, 425, 429]);

/** Pieces that can be sent at this moment, in the order in which to send them. */
export function ready(pieces: readonly Piece[], now: number): Piece[] {
  const held = new Set(pieces.filter((piece) => piece.kind === "photo").map((piece) => piece.id));
  const free = (piece: Piece) => !piece.needs.some((id) => held.has(id));
  const may = pieces.filter((piece) => piece.waiting && piece.nextAt <= now && free(piece));
  return [...may].sort((a, b) => RANK[a.kind] - RANK[b.kind]);
}

const RANK = { arrival: 0, submission: 1, photo: 2 } as const;
const AT_ONCE = 50;

/** What goes next, of pieces that can: one photo, or arrivals and submissions together, each answered by itself. */
export function nextTurn(can: readonly Piece[]): Piece[] {
  const operations = can.filter((piece) => piece.kind !== "photo");
  return operations.length ? operations.slice(0, AT_ONCE) : can.slice(0, 1);
}

/** Does a refusal of a whole batch say that something in it is amiss? Then each is sent alone. */
export function isAmiss(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

/** When the queue should look again, or null when nothing waits for time to pass. */
export function nextLook(pieces: readonly Piece[], now: number): number | null {
  const times = pieces.filter((piece) => piece.waiting && piece.nextAt > now).map((piece) => piece.nextAt);
  return times.length ? Math.min(...times) : null;
}

/** How long to wait after so many tries: doubling from 2 s to 5 min, up to a fifth less so that phones spread. */
export function backOff(tries: number, chance: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 20));
  return Math.round(wait * (1 - chance / 5));
}

/** What follows from an answer. Only a refusal that will not change by itself is put before a person. */
export function verdict(reply: Reply): Verdict {
  if (reply.kind === "done") return { do: "keep" };
  if (reply.kind === "no_answer") return { do: "later" };
  if (reply.code === "device-revoked" || reply.code === "device-unknown") return { do: "stop" };
  if (reply.code === "photos-missing") return { do: "resend_photos" };
  const passes = reply.again ?? (reply.status >= 500 || reply.status === 401 || PASSING.has(reply.status));
  return { do: passes ? "later" : "ask_person" };
}

/** Does a task in this state still need its photos on the phone? */
export function keepsPhotos(state: string | undefined): boolean {
  return state !== undefined && !["approved", "published", "cancelled"].includes(state);
}
