// Evaluating the trees of a compiled form over its answers.
// backend/registry/forms/evaluate.py says the same in Python; change both, and the shared vectors.
import type { Tree } from "./types";
import { Day, dayNumbered, dayOf, equal, isBlank, measures, toNumber, toText, toTruth, type Value } from "./values";

/** Characters that texts put together may have. */
const LONGEST_TEXT = 10_000;

/** What an expression may ask of the form. */
export interface Answered {
  /** A question's value as seen from an instance of its repeat, or from outside; blank where there is none. */
  value(name: string, instance: number | null): Value;
  /** The values of a question in all instances; of a repeat one blank for each instance. */
  allValues(name: string): Value[];
  /** Does a name stand for many values, seen from the repeat `home`? */
  isMany(name: string, home: string | null): boolean;
}

/** Where an expression stands: the form, the repeat and its instance, the answer itself, the choice's columns. */
export interface Place {
  form: Answered;
  today: Day;
  home: string | null;
  instance: number | null;
  own: Value;
  columns: Readonly<Record<string, unknown>>;
}

type List = Exclude<Tree, string | number>;

/** The value of a tree; it never fails, whatever the answers. */
export function evaluate(tree: Tree, place: Place): Value {
  if (typeof tree === "string" || typeof tree === "number") return tree;
  const head = tree[0];
  const look = LOOKS[head];
  if (look) return look(tree, place);
  const over = OVER[head];
  if (over) return over(gathered(tree, place));
  const call = CALLS[head];
  return call ? call(...parts(tree).map((part) => evaluate(part, place))) : "";
}

function parts(tree: List): Tree[] {
  return tree.slice(1);
}

const at = (tree: List, index: number, place: Place): Value => evaluate(tree[index] ?? "", place);
const named = (tree: List): string => String(tree[1]);

/** What needs the place, or does not look at all its parts. */
const LOOKS: Record<string, (tree: List, place: Place) => Value> = {
  $: (tree, place) => place.form.value(named(tree), place.instance),
  ".": (_tree, place) => place.own,
  col: (tree, place) => String(place.columns[named(tree)] ?? ""),
  position: (_tree, place) => (place.instance === null ? 0 : place.instance + 1),
  today: (_tree, place) => place.today,
  if: (tree, place) => at(tree, toTruth(at(tree, 1, place)) ? 2 : 3, place),
  and: (tree, place) => toTruth(at(tree, 1, place)) && toTruth(at(tree, 2, place)),
  or: (tree, place) => toTruth(at(tree, 1, place)) || toTruth(at(tree, 2, place)),
};

/** The values that an aggregate takes: each question in a repeat seen from outside gives all of its own. */
function gathered(tree: List, place: Place): Value[] {
  return parts(tree).flatMap((part) => {
    const many = typeof part === "object" && part[0] === "$" && place.form.isMany(named(part), place.home);
    return many ? place.form.allValues(named(part)) : [evaluate(part, place)];
  });
}

const answered = (values: Value[]): number[] => values.filter((value) => !isBlank(value)).map(toNumber);

function edge(pick: (...numbers: number[]) => number, values: Value[]): Value {
  const numbers = answered(values);
  return numbers.length ? pick(...numbers) : "";
}

const OVER: Record<string, (values: Value[]) => Value> = {
  sum: (values) => answered(values).reduce((total, one) => total + one, 0),
  count: (values) => values.length,
  "count-non-empty": (values) => values.filter((value) => !isBlank(value)).length,
  min: (values) => edge(Math.min, values),
  max: (values) => edge(Math.max, values),
};

/** Half up; digits are cut to 0–9. */
function rounded(value: Value, digits: Value = 0): number {
  const number = toNumber(value);
  const places = Math.trunc(Math.min(9, Math.max(0, toNumber(digits)))) || 0;
  const scale = Number(`1e${places}`);
  const scaled = number * scale + 0.5;
  return Number.isFinite(scaled) ? Math.floor(scaled) / scale : number;
}

function asDay(value: Value): Value {
  if (value instanceof Day) return value;
  return typeof value === "string" ? (dayOf(value) ?? "") : dayNumbered(toNumber(value));
}

const patterns = new Map<string, RegExp>();

/** Does the whole text fit? The server has bounded and rewritten the pattern. */
function fits(value: Value, pattern: Value): boolean {
  const text = toText(pattern);
  const known = patterns.get(text) ?? new RegExp(`^(?:${text})$`, "u");
  patterns.set(text, known);
  return known.test(toText(value));
}

const chosen = (value: Value): string[] => toText(value).split(" ").filter(Boolean);
const letters = (text: string): string[] => Array.from(text);

function compared(sign: (a: number, b: number) => boolean): (left: Value, right: Value) => boolean {
  return (left, right) => sign(...measures(left, right));
}

function joined(...values: Value[]): string {
  const text = values.map(toText).join("");
  return text.length > LONGEST_TEXT ? letters(text).slice(0, LONGEST_TEXT).join("") : text;
}

// biome-ignore lint/suspicious/noExplicitAny: each function takes its own number of values
const CALLS: Record<string, (...values: any[]) => Value> = {
  "=": equal,
  "!=": (left: Value, right: Value) => !equal(left, right),
  "<": compared((a, b) => a < b),
  "<=": compared((a, b) => a <= b),
  ">": compared((a, b) => a > b),
  ">=": compared((a, b) => a >= b),
  "+": (left: Value, right: Value) => toNumber(left) + toNumber(right),
  "-": (left: Value, right: Value) => toNumber(left) - toNumber(right),
  "*": (left: Value, right: Value) => toNumber(left) * toNumber(right),
  div: (left: Value, right: Value) => toNumber(left) / toNumber(right),
  mod: (left: Value, right: Value) => toNumber(left) % toNumber(right),
  neg: (value: Value) => -toNumber(value),
  not: (value: Value) => !toTruth(value),
  true: () => true,
  false: () => false,
  coalesce: (first: Value, second: Value) => (isBlank(first) ? second : first),
  selected: (value: Value, choice: Value) => chosen(value).includes(toText(choice)),
  "count-selected": (value: Value) => chosen(value).length,
  regex: fits,
  string: toText,
  "string-length": (value: Value) => letters(toText(value)).length,
  concat: joined,
  contains: (value: Value, part: Value) => toText(value).includes(toText(part)),
  "starts-with": (value: Value, part: Value) => toText(value).startsWith(toText(part)),
  number: toNumber,
  int: (value: Value) => Math.trunc(toNumber(value)),
  round: rounded,
  date: asDay,
};
