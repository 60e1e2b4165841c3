// Failures told to people: what the server said, no answer, or a fault of the phone, in both languages.
import { NoAnswer, ServerProblem } from "../net/api";
import { NoRecovery } from "../net/recovery";
import { isFull } from "../rules/room";
import { Damaged, DraftHere } from "../store/moving";
import { NotAPhoto } from "../store/photos";
import { NotARecording } from "../store/recordings";
import type { ProblemBody } from "../types";
import { fill, type Key } from "../words";
import catalogue from "../words.json";
import { NoCamera } from "./media";

/** Any error as a problem that can be shown in either language. */
export function asTold(error: unknown): ProblemBody {
  if (error instanceof ServerProblem) return error.body;
  if (error instanceof NoAnswer) return made("no-answer", "no_answer.title", "no_answer.detail");
  if (error instanceof NotAPhoto)
    return made("not-a-photo", "phone_problem.title", "check.not_image", { name: error.file });
  if (error instanceof NotARecording)
    return made("not-a-recording", "phone_problem.title", "record.not_one", { name: error.file });
  if (error instanceof NoRecovery) return made("no-recovery", "phone_problem.title", "lock.no_recovery");
  if (error instanceof NoCamera) return made("no-camera", "camera.none_title", reasonOf(error));
  if (error instanceof DraftHere) return made("draft-here", "phone_problem.title", "move.draft_here");
  if (error instanceof Damaged) return made("draft-damaged", "phone_problem.title", "move.damaged");
  if (isFull(error)) return made("phone-full", "phone_problem.title", "phone_problem.full");
  console.error("phone_failed", error);
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return made("phone", "phone_problem.title", "phone_problem.detail", { reason });
}

/** No answer while enrolling, where nothing is kept to be sent later. */
export function asToldEnrolling(error: unknown): ProblemBody {
  return error instanceof NoAnswer ? made("no-answer", "no_answer.title", "no_answer.enrol") : asTold(error);
}

function made(code: string, title: Key, detail: Key, facts: Record<string, string> = {}): ProblemBody {
  const zh = { title: catalogue[title].zh, detail: fill(catalogue[detail].zh, facts) };
  const en = { title: catalogue[title].en, detail: fill(catalogue[detail].en, facts) };
  return { code, status: 0, ...zh, zh, en };
}

/** What to do about a camera or microphone that does not open, by the browser's name for the reason. */
function reasonOf({ reason }: NoCamera): Key {
  if (reason === "NotAllowedError" || reason === "SecurityError") return "camera.refused";
  return reason === "NotReadableError" || reason === "AbortError" ? "camera.busy" : "camera.none";
}
