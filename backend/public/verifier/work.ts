// The verifier's work, in a worker: a text comes in; progress, checks and the end go out.
import type { Bundle, Head } from "./bundle";
import { type Told, verdict } from "./checks";
import { parsed } from "./json";

export type Message =
  | { kind: "progress"; check: string; share: number }
  | { kind: "told"; told: Told }
  | { kind: "unread"; why: string }
  | { kind: "end"; passed: boolean; seconds: number; head: Head | null };

const OFTEN_MS = 60;

/** Checks a bundle's text and tells how it goes. */
export function check(text: string, send: (message: Message) => void): void {
  const began = performance.now();
  let bundle: unknown;
  try {
    bundle = parsed(text);
  } catch (error) {
    send({ kind: "unread", why: error instanceof Error ? error.message : String(error) });
    return;
  }
  const passed = go(bundle, send);
  const head = passed ? (bundle as Bundle).heads[1] : null;
  send({ kind: "end", passed, seconds: (performance.now() - began) / 1000, head });
}

function go(bundle: unknown, send: (message: Message) => void): boolean {
  let last = 0;
  let passed = true;
  const tell = (name: string, share: number): void => {
    if (share > 0 && performance.now() - last < OFTEN_MS) return;
    last = performance.now();
    send({ kind: "progress", check: name, share });
  };
  for (const told of verdict(bundle, tell)) {
    passed &&= told.state !== "fail";
    send({ kind: "told", told });
  }
  return passed;
}
