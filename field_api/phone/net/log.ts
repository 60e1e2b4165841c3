// Handing the phone's log over, now and then; failures of that are no news.
import { fact } from "../store/facts";
import { dropLog, readLog } from "../store/log";
import { postLog } from "./doors";

/** The server takes 60 logs an hour of a phone; a tenth of that is enough. */
const EVERY_MS = 10 * 60_000;
let sentAt = 0;

/** Send what was noted, at most every ten minutes. Never fails. */
export async function sendLog(): Promise<void> {
  if (Date.now() - sentAt < EVERY_MS) return;
  try {
    const entries = await readLog();
    if (!entries.length || !(await fact("person"))) return;
    sentAt = Date.now();
    await postLog(entries);
    await dropLog(entries);
  } catch (error) {
    console.warn("log_not_sent", error);
  }
}
