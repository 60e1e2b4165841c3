// Values of expressions: texts, numbers, truths and days, and how one becomes another (XPath 1.0 §3–4, ODK's dates).
// backend/registry/forms/values.py says the same in Python; change both, and the shared vectors.

/** A day, counted from 1970-01-01. */
export class Day {
  constructor(readonly sinceEpoch: number) {}
}

export type Value = string | number | boolean | Day;

const NUMBER = /^[ \t\n\r]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\n\r]*$/;
const DAY = /^([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})$/;
const BLANKS = /^[ \t\n\r\f\v\u00a0\u3000]*$/;
const MS = 86_400_000;
const FIRST_DAY = Date.UTC(1000, 0, 1) / MS;
const LAST_DAY = Date.UTC(9999, 11, 31) / MS;

/** The day that a text like 2026-11-23 names, from the year 1000 on. */
export function dayOf(text: string): Day | null {
  const found = DAY.exec(text);
  if (!found) return null;
  const day = new Day(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / MS);
  return dayText(day) === text ? day : null;
}

function dayText(day: Day): string {
  return new Date(day.sinceEpoch * MS).toISOString().slice(0, 10);
}

/** The day so many days after 1970-01-01, fractions cut; blank outside the years 1000–9999. */
export function dayNumbered(number: number): Value {
  return number >= FIRST_DAY && number < LAST_DAY + 1 ? new Day(Math.floor(number)) : "";
}

/** A value as text: numbers without exponent, days as 2026-11-23. */
export function toText(value: Value): string {
  if (value instanceof Day) return dayText(value);
  return typeof value === "number" ? numberText(value) : String(value);
}

function numberText(value: number): string {
  const short = String(value === 0 ? 0 : value);
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short);
  if (!found) return short;
  const [, sign = "", first = "", rest = "", power = "0"] = found;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}

/** A value as number: days count from 1970-01-01, a text that is none gives NaN. */
export function toNumber(value: Value): number {
  if (value instanceof Day) return value.sinceEpoch;
  if (typeof value !== "string") return Number(value);
  const found = NUMBER.exec(value);
  return found ? Number(found[1]) : Number.NaN;
}

/** A value as truth: neither empty, nor zero, nor NaN. */
export function toTruth(value: Value): boolean {
  return value instanceof Day || Boolean(value);
}

/** Are two values equal? As truths if one is, else as numbers if one is a number or a day, else as texts. */
export function equal(left: Value, right: Value): boolean {
  if (typeof left === "boolean" || typeof right === "boolean") return toTruth(left) === toTruth(right);
  if (typeof left === "string" && typeof right === "string") return left === right;
  const [first, second] = measures(left, right);
  return first === second;
}

/** Two values as numbers to be compared; a text beside a day is read as a day. */
export function measures(left: Value, right: Value): [number, number] {
  return [beside(left, right), beside(right, left)];
}

function beside(value: Value, other: Value): number {
  if (typeof value !== "string" || !(other instanceof Day)) return toNumber(value);
  const day = dayOf(value);
  return day ? day.sinceEpoch : Number.NaN;
}

/** Nothing, or nothing but blanks. */
export function isBlank(value: Value): boolean {
  return typeof value === "string" && BLANKS.test(value);
}
