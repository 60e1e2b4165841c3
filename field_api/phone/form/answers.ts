// What one answer may be: its JSON read into a value, or the reason why it cannot be.
// backend/registry/forms/answers.py says the same in Python; change both, and the shared vectors.
import type { FaultCode, Kind } from "./types";
import { dayOf, isBlank, type Value } from "./values";

const TEXT_MAX = 2000;
const ID_MAX = 200;
export const INSTANCES_MAX = 200;
const POINT = /^-?[0-9]{1,3}(?:\.[0-9]{1,12})?(?: -?[0-9]{1,6}(?:\.[0-9]{1,12})?){1,3}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the database cannot keep a zero character
const UNKEEPABLE = /[\u0000\ud800-\udfff]/u;
/** Kinds of questions that take an answer. */
export const ANSWERED: ReadonlySet<Kind> = new Set<Kind>([
  "text",
  "integer",
  "decimal",
  "date",
  "select_one",
  "select_multiple",
  "image",
  "signature",
  "geopoint",
]);

export type Read = { value: Value } | { unfit: FaultCode };
const unfit = (code: FaultCode): Read => ({ unfit: code });

/** Is the question not answered? Absent, null, an empty or blank text, an empty list. */
export function nothing(answer: unknown): boolean {
  if (answer === undefined || answer === null) return true;
  return typeof answer === "string" ? isBlank(answer) : Array.isArray(answer) && answer.length === 0;
}

/** The value of an answer that is not `nothing`, by the kind of its question. */
export function readAnswer(kind: Kind, answer: unknown, choices: readonly string[]): Read {
  if (kind === "integer" || kind === "decimal") return readNumber(kind, answer);
  if (kind === "select_multiple") return readSeveral(answer, choices);
  return typeof answer === "string" ? readText(kind, answer, choices) : unfit("type");
}

function readNumber(kind: Kind, answer: unknown): Read {
  const largest = kind === "integer" ? 999_999_999_999 : 1e15;
  if (typeof answer !== "number" || !(Math.abs(answer) <= largest)) return unfit("type");
  return kind === "integer" && !Number.isInteger(answer) ? unfit("type") : { value: answer };
}

function readSeveral(answer: unknown, choices: readonly string[]): Read {
  if (!Array.isArray(answer) || !answer.every((one) => typeof one === "string")) return unfit("type");
  if (new Set(answer).size < answer.length) return unfit("type");
  return answer.every((one) => choices.includes(one)) ? { value: answer.join(" ") } : unfit("choice");
}

function readText(kind: Kind, answer: string, choices: readonly string[]): Read {
  if (kind === "select_one") return choices.includes(answer) ? { value: answer } : unfit("choice");
  if (kind === "date") return readDay(answer);
  if (kind === "geopoint") return isPoint(answer) ? { value: answer } : unfit("type");
  const long = Array.from(answer).length;
  if (UNKEEPABLE.test(answer)) return unfit("type");
  if (kind === "text") return long > TEXT_MAX ? unfit("too_long") : { value: answer };
  return long > ID_MAX ? unfit("type") : { value: answer };
}

function readDay(answer: string): Read {
  const day = dayOf(answer);
  return day ? { value: day } : unfit("type");
}

/** Latitude, longitude, and perhaps altitude and accuracy in metres, parted by one space. */
function isPoint(answer: string): boolean {
  const [lat = 91, lon = 181] = POINT.test(answer) ? answer.split(" ").map(Number) : [];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}
