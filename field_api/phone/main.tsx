// Where the phone app starts: first the lock, then everything else.
import "./older";
import { render } from "preact";
import "../../backend/look/base.css";
import "./phone.css";
import "./visit.css";
import "./sheets.css";
import "./questions.css";
import "./map.css";
import "./team.css";
import { App } from "./App";
import { followOthers } from "./net/leave";
import { sendLog } from "./net/log";
import { tendMoves } from "./net/moving";
import { kick, kickNow } from "./net/queue";
import { tendRecovery } from "./net/recovery";
import { shareDrafts } from "./net/shares";
import { fetchTasks } from "./net/tasks";
import { noteUpdate, yieldToNewer } from "./net/update";
import { Locked, lockMode, onLockMode } from "./store/cipher";
import { keepForGood, keepReserve } from "./store/room";
import { sweep } from "./store/sweep";
import { joinTabs } from "./store/tabs";
import { loadVault } from "./store/vault";
import { isBusy, watchBusy } from "./ui/busy";

const EVERY_MS = 60_000;

/** Look for new tasks and send what waits; quietly, because both are tried again. */
function turn(): void {
  if (lockMode() === "locked") return;
  kick();
  if (lockMode() === "open" && navigator.onLine && document.visibilityState === "visible")
    fetchTasks()
      .then(tendRecovery)
      .then(tendMoves)
      .then(() => shareDrafts())
      .catch(() => undefined)
      .then(sendLog);
}

/** A full disk may keep something from being sealed: it is tried at the next unlocking, and work goes on. */
function unswept(error: unknown): void {
  if (!(error instanceof Locked)) console.error("sweep_failed", error);
}

/** Locking ends whatever was reading or about to send: it is taken up after unlocking, and nobody need be told. */
function calmWhenLocked(event: PromiseRejectionEvent): void {
  if (event.reason instanceof Locked) event.preventDefault();
}

async function start(root: HTMLElement): Promise<void> {
  await loadVault();
  await joinTabs(isBusy);
  watchBusy();
  yieldToNewer();
  root.textContent = "";
  render(<App />, root);
  onLockMode((mode) => {
    if (mode === "open") void sweep().catch(unswept).then(turn);
  });
  addEventListener("unhandledrejection", calmWhenLocked);
  addEventListener("online", () => void (lockMode() === "locked" ? undefined : kickNow().then(turn)));
  document.addEventListener("visibilitychange", turn);
  setInterval(turn, EVERY_MS);
  turn();
  followOthers();
  void keepForGood();
  void keepReserve();
}

const root = document.getElementById("app");
if (root && !("unsupported" in root.dataset)) {
  void start(root);
  noteUpdate();
}
