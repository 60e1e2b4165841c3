// Tabs of one phone: one unlocking serves all, locking holds for all; and the phone locks when it was away for long.
import { mayStay } from "../rules/absence";
import { lockMode } from "./cipher";
import { loadVault, lock, masterKey, opened } from "./vault";

const CHANNEL = "fieldlot-vault";
/** How long a fresh tab waits for another one that is open. */
const ANSWER_MS = 120;

type Said = { say: "ask" } | { say: "open"; key: Uint8Array<ArrayBuffer> } | { say: "lock" };

let channel: BroadcastChannel | null = null;
let awaySince: number | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let isBusy = () => false;

/** Listen to the other tabs, and ask them for the key if this one is locked. `busy`: something runs that must not end. */
export async function joinTabs(busy: () => boolean): Promise<void> {
  isBusy = busy;
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => void hear(data as Said);
  document.addEventListener("visibilitychange", look);
  if (lockMode() === "locked") await askTabs();
}

function askTabs(): Promise<void> {
  say({ say: "ask" });
  return new Promise((done) => setTimeout(done, ANSWER_MS));
}

async function hear(said: Said): Promise<void> {
  if (said.say === "ask") return tellKey();
  if (said.say === "lock") return lockMode() === "open" ? lock() : undefined;
  if (lockMode() === "none") await loadVault(); // the PIN was chosen in another tab
  if (lockMode() === "locked") await opened(said.key);
}

/** Let the other tabs open too; nothing is said by a tab that is locked, or away for too long. */
export function tellKey(): void {
  lockIfAway();
  const key = masterKey();
  if (key) say({ say: "open", key });
}

/** Lock this tab and all others, because a person asked. */
export function lockAll(): void {
  lock();
  say({ say: "lock" });
}

function say(said: Said): void {
  channel?.postMessage(said);
}

function look(): void {
  if (document.visibilityState === "hidden") {
    awaySince ??= Date.now();
    again();
    return;
  }
  lockIfAway();
  awaySince = null;
  clearTimeout(timer);
  if (lockMode() === "locked") say({ say: "ask" });
}

function again(): void {
  clearTimeout(timer);
  const left = lockIfAway();
  if (left > 0) timer = setTimeout(again, left);
}

/** Lock if this tab was away for too long. Returns how many milliseconds it may yet stay away. */
function lockIfAway(): number {
  const left = awaySince === null ? Number.POSITIVE_INFINITY : mayStay(awaySince, Date.now(), isBusy());
  if (left === 0 && lockMode() === "open") lock();
  return Number.isFinite(left) ? left : 0;
}
