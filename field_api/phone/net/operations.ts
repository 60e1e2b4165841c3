// Arrivals and submissions sent together: each is answered by itself, and one bad one is in nobody's way.
import { isAmiss, type Piece, type Reply } from "../rules/queue";
import { checkInBody } from "../store/arrivals";
import { Locked } from "../store/cipher";
import { db } from "../store/db";
import { note } from "../store/log";
import type { CheckInAnswer, ProblemBody, SubmissionView } from "../types";
import { NoAnswer, ServerProblem } from "./api";
import { type Operation, postOperations, type Result } from "./doors";
import { fetchTasks } from "./tasks";

/** How sending one piece went. */
export interface Outcome {
  reply: Reply;
  problem: ProblemBody | null;
}

export const DONE: Outcome = { reply: { kind: "done" }, problem: null };
const NOT_NOW: Outcome = { reply: { kind: "no_answer" }, problem: null };
/** Bodies of one batch, in characters; a single larger one goes alone. */
const LARGEST = 1_000_000;

/** Send pieces together, or fewer of them when they are large; what is not told of here comes with the next turn. */
export async function attemptOperations(pieces: readonly Piece[]): Promise<Map<Piece, Outcome>> {
  const batch = new Map<Piece, Operation>();
  let size = 0;
  for (const piece of pieces) {
    const operation = await operationOf(piece);
    if (!operation) return new Map([[piece, NOT_NOW]]); // gone from the phone meanwhile: look anew
    size += operation.body.length;
    if (batch.size && size > LARGEST) break;
    batch.set(piece, operation);
  }
  return send(batch);
}

async function send(batch: ReadonlyMap<Piece, Operation>): Promise<Map<Piece, Outcome>> {
  try {
    return await noteAll(batch, await postOperations([...batch.values()]));
  } catch (error) {
    const amiss = error instanceof ServerProblem && isAmiss(error.body.status);
    if (amiss && batch.size > 1) return oneByOne(batch);
    return new Map([...batch.keys()].map((piece) => [piece, failed(error, piece)]));
  }
}

/** The server would not even look at the batch: find out whose fault it is. */
async function oneByOne(batch: ReadonlyMap<Piece, Operation>): Promise<Map<Piece, Outcome>> {
  const outcomes = new Map<Piece, Outcome>();
  for (const entry of batch) for (const told of await send(new Map([entry]))) outcomes.set(...told);
  return outcomes;
}

async function noteAll(batch: ReadonlyMap<Piece, Operation>, results: readonly Result[]): Promise<Map<Piece, Outcome>> {
  const outcomes = new Map<Piece, Outcome>();
  for (const piece of batch.keys()) {
    const result = results.find((one) => one.id === piece.id);
    outcomes.set(piece, result ? await noteOne(piece, result) : NOT_NOW);
  }
  return outcomes;
}

async function noteOne(piece: Piece, { problem, again, answer }: Result): Promise<Outcome> {
  if (problem) {
    const { code, status } = problem;
    return { reply: { kind: "problem", code, status, again }, problem };
  }
  await ARRIVED[piece.kind as Sent](piece.id, answer);
  return DONE;
}

type Sent = "arrival" | "submission";

const ARRIVED: Record<Sent, (id: string, answer: unknown) => Promise<void>> = {
  async arrival(id, answer) {
    await db.arrivals.update(id, { state: "sent", answer: answer as CheckInAnswer, problem: null });
  },
  async submission(id, answer) {
    await db.visits.update(id, { state: "received", receipt: (answer as SubmissionView).receipt, problem: null });
    void fetchTasks().catch(() => undefined); // the list follows at its next turn otherwise
  },
};

/** A piece as the server takes it: the same bytes every time. */
async function operationOf({ kind, id }: Piece): Promise<Operation | null> {
  if (kind === "arrival") {
    const arrival = await db.arrivals.get(id);
    return arrival ? { id, kind, task_id: arrival.taskId, body: JSON.stringify(checkInBody(arrival)) } : null;
  }
  const body = kind === "submission" ? (await db.visits.get(id))?.body : null;
  return body ? { id, kind: "submission", task_id: null, body } : null;
}

/** What an error says of a piece. */
export function failed(error: unknown, piece: Piece): Outcome {
  if (error instanceof ServerProblem) {
    const { code, status } = error.body;
    return { reply: { kind: "problem", code, status }, problem: error.body };
  }
  // Locked under way is no failure: what was not noted is sent again once the phone is open.
  if (!(error instanceof NoAnswer || error instanceof Locked)) {
    console.error("send_failed", piece.kind, piece.id, error);
    void note("error", "send_broke", { kind: piece.kind, reason: error instanceof Error ? error.name : "unknown" });
  }
  return NOT_NOW;
}
