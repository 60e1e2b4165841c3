// Where the phone app starts.
import { render } from "preact";
import "../../backend/look/base.css";
import "./phone.css";
import "./visit.css";
import "./sheets.css";
import "./map.css";
import "./team.css";
import { App } from "./App";
import { followOthers } from "./net/leave";
import { kick, kickNow } from "./net/queue";
import { shareDrafts } from "./net/shares";
import { fetchTasks } from "./net/tasks";
import { noteUpdate } from "./net/update";

const EVERY_MS = 60_000;

/** Look for new tasks and send what waits; quietly, because both are tried again. */
function turn(): void {
  kick();
  if (navigator.onLine && document.visibilityState === "visible")
    fetchTasks().then(
      () => shareDrafts(),
      () => undefined,
    );
}

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  render(<App />, root);
}
addEventListener("online", () => void kickNow().then(turn));
document.addEventListener("visibilitychange", turn);
setInterval(turn, EVERY_MS);
turn();
followOthers();
noteUpdate();
