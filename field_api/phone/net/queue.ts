// The queue: one tab at a time sends what waits, in order, again and again until it has arrived.
import { backOff, nextLook, nextTurn, type Piece, ready, verdict } from "../rules/queue";
import { lockMode } from "../store/cipher";
import { db, type Sending } from "../store/db";
import { fact, forgetFact, keepFact } from "../store/facts";
import { note } from "../store/log";
import { attemptOperations, DONE, failed, type Outcome } from "./operations";

const LOCK = "fieldlot-queue";
const OTHER_TAB_MS = 3_000;
/** At least this often the queue looks by itself, should an event have been missed. */
const LONGEST_SLEEP_MS = 60_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;

/** Send what can be sent now. Call it whenever there may be something: it is cheap, and safe in many tabs. */
export function kick(): void {
  clearTimeout(timer);
  if (running) return;
  running = true;
  navigator.locks
    .request(LOCK, { ifAvailable: true }, (lock) => (lock ? drain() : Promise.resolve(OTHER_TAB_MS)))
    .catch(() => LONGEST_SLEEP_MS)
    .then((wait) => {
      running = false;
      timer = setTimeout(kick, wait);
    });
}

/** Look again at once, waiting times or not: a person asked, or the network came back; what failed before tells nothing. */
export async function kickNow(): Promise<void> {
  const soon = { nextAt: 0, tries: 0 };
  await db.arrivals.where("state").equals("waiting").modify(soon);
  await db.photos.where("state").equals("waiting").modify(soon);
  await db.visits.where("state").equals("sealed").modify(soon);
  kick();
}

/** Send until nothing is ready. Returns how many milliseconds to sleep. */
async function drain(): Promise<number> {
  for (;;) {
    if (lockMode() === "locked") return LONGEST_SLEEP_MS; // unlocking kicks it
    if ((await fact("revoked")) || (await fact("unknown"))) return LONGEST_SLEEP_MS;
    const pieces = await waiting();
    const turn = nextTurn(ready(pieces, Date.now()));
    if (!turn.length) return sleep(nextLook(pieces, Date.now()));
    for (const [piece, outcome] of await attempt(turn)) await settle(piece, outcome);
  }
}

function sleep(until: number | null): number {
  return until === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(0, until - Date.now()));
}

/** All unsent work as the rules see it, with refused photos, which hold their submission back. */
export async function waiting(): Promise<Piece[]> {
  const arrivals = await db.arrivals.where("state").equals("waiting").toArray();
  const photos = await db.photos.where("state").anyOf("waiting", "refused").toArray();
  const visits = await db.visits.where("state").equals("sealed").toArray();
  return [
    ...arrivals.map(({ id, nextAt }): Piece => ({ kind: "arrival", id, waiting: true, nextAt, needs: [] })),
    ...photos.map(({ id, nextAt, state }): Piece => {
      return { kind: "photo", id, waiting: state === "waiting", nextAt, needs: [] };
    }),
    ...visits.map(({ id, nextAt, photoIds }): Piece => {
      return { kind: "submission", id, waiting: true, nextAt, needs: photoIds };
    }),
  ];
}

/** How each piece of a turn went. */
function attempt(turn: readonly Piece[]): Promise<Map<Piece, Outcome>> {
  return turn[0]?.kind === "photo" ? attemptPhoto(turn[0]) : attemptOperations(turn);
}

async function attemptPhoto(piece: Piece): Promise<Map<Piece, Outcome>> {
  try {
    await sendPhoto(piece.id);
    return new Map([[piece, DONE]]);
  } catch (error) {
    return new Map([[piece, failed(error, piece)]]);
  }
}

async function sendPhoto(id: string): Promise<void> {
  const photo = await db.photos.get(id);
  if (!photo) return;
  const { upload } = await import("./uploads"); // tus is needed only once there is something to send
  await upload(photo, async (uploadUrl) => void (await db.photos.update(id, { uploadUrl })));
  await db.photos.update(id, { state: "sent", problem: null });
}

/** Note what follows from an answer. */
async function settle(sent: Piece, { reply, problem }: Outcome): Promise<void> {
  const next = verdict(reply).do;
  if (next === "keep") return;
  if (next === "stop") await keepFact(problem?.code === "device-unknown" ? "unknown" : "revoked", true);
  if (problem?.code === "stale-token") await forgetFact("token");
  if (next === "resend_photos") await releasePhotos(problem?.missing ?? []);
  const refused = next === "ask_person" ? { state: "refused" as const } : {};
  if (problem) await note("warning", "send_failed", { kind: sent.kind, code: problem.code, status: problem.status });
  await mark(sent, (row) => {
    const tries = row.tries + 1;
    const wait = Math.max(backOff(row.tries, Math.random()), (problem?.retry_after ?? 0) * 1000);
    Object.assign(row, refused, { tries, problem, nextAt: Date.now() + wait });
  });
}

function mark({ kind, id }: Piece, note: (row: Sending) => void): Promise<number> {
  if (kind === "arrival") return db.arrivals.where("id").equals(id).modify(note);
  return kind === "photo"
    ? db.photos.where("id").equals(id).modify(note)
    : db.visits.where("id").equals(id).modify(note);
}

/** The server misses these: send them anew, from a new upload. */
async function releasePhotos(hashes: readonly string[]): Promise<void> {
  await db.photos
    .where("sha256")
    .anyOf([...hashes])
    .and((photo) => photo.bytes !== null)
    .modify({ state: "waiting", uploadUrl: null, tries: 0, nextAt: 0 });
}

/** Put a refused photo or arrival back into the queue. */
export async function again(kind: "arrival" | "photo", id: string): Promise<void> {
  const changes = { state: "waiting" as const, tries: 0, nextAt: 0, problem: null };
  await (kind === "photo" ? db.photos.update(id, { ...changes, uploadUrl: null }) : db.arrivals.update(id, changes));
  kick();
}
