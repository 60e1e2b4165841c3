// What the phone notices of itself: failures and how they ended, without a word about people or places.
import { isoLocal } from "../rules/today";
import { db } from "./db";
import { fact, keepFact } from "./facts";

const MOST = 200;

/** One line as the field API takes it (POST /device-log); `fields` are codes and numbers, never texts of people. */
export interface LogEntry {
  at: string;
  level: "info" | "warning" | "error";
  event: string;
  fields: Record<string, string | number>;
}

/** Note something; the newest 200 lines are kept. Never fails, for it is called where something failed already. */
export async function note(level: LogEntry["level"], event: string, fields: LogEntry["fields"] = {}): Promise<void> {
  const entry = { at: isoLocal(new Date()), level, event, fields: { app_version: __VERSION__, ...fields } };
  try {
    await db.transaction("rw", db.facts, async () => keepFact("log", [...(await readLog()), entry].slice(-MOST)));
  } catch (error) {
    console.warn("log_not_kept", event, error);
  }
}

export async function readLog(): Promise<LogEntry[]> {
  return (await fact("log")) ?? [];
}

/** These lines have arrived. */
export async function dropLog(sent: readonly LogEntry[]): Promise<void> {
  const gone = new Set(sent.map((entry) => JSON.stringify(entry)));
  await db.transaction("rw", db.facts, async () => {
    await keepFact(
      "log",
      (await readLog()).filter((entry) => !gone.has(JSON.stringify(entry))),
    );
  });
}
