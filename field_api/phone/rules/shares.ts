// Two officers on one visit: what the leader takes over from colleagues by itself, and where the leader must decide.
import type { Answers as FormAnswers } from "../form";
import type { Answer } from "../store/db";
import type { Officer, Value } from "../types";

/** An answer as it is shared. */
export interface SharedAnswer {
  item: number;
  value: Value;
  remark: string;
}

/** A photo as it is shared: its bytes are on the colleague's phone and on the server. */
export interface SharedPhoto {
  id: string;
  item: number | null;
  sha256: string;
  size: number;
  taken_at: string;
  lon?: number | null;
  lat?: number | null;
  accuracy?: number | null;
  seq: number;
}

/** What a colleague has found so far. */
export interface Colleague {
  inspector_id: string;
  name: string;
  leader: boolean;
  seq: number;
  at: string;
  answers: SharedAnswer[];
  photos: SharedPhoto[];
  /** Answers to the checklist's further questions. */
  form_answers?: FormAnswers;
}

export type Answers = Readonly<Record<number, Answer>>;

/** An item on which a colleague found something else than the leader, or colleagues differ among themselves. */
export interface Difference {
  item: number;
  own: Answer | null;
  theirs: { name: string; answer: SharedAnswer }[];
}

export interface Merged {
  /** What nobody contradicts: the leader's record gets it without being asked. */
  takeOver: Record<number, Answer>;
  differences: Difference[];
}

/** Does this phone's person lead the team? A team without a leader is led by each of its officers, as the server sees it. */
export function leads(team: readonly Officer[]): boolean {
  return !team.some((officer) => officer.leader) || team.some((officer) => officer.leader && officer.me);
}

/**
 * The leader's answers and those of colleagues, item by item. `settled` are differences that the leader has decided:
 * by item, what colleagues had said then; only when they say something else is it asked again.
 */
export function merge(
  own: Answers,
  colleagues: readonly Colleague[],
  settled: Readonly<Record<number, string>>,
): Merged {
  const merged: Merged = { takeOver: {}, differences: [] };
  for (const item of itemsOf(colleagues)) {
    const theirs = said(item, colleagues);
    const mine = own[item]?.value ? (own[item] ?? null) : null;
    const words = union(mine, theirs);
    if (words) {
      if (!mine || words.remark !== mine.remark) merged.takeOver[item] = words;
    } else if (settled[item] !== fingerprint(item, colleagues)) {
      merged.differences.push({ item, own: mine, theirs });
    }
  }
  return merged;
}

function itemsOf(colleagues: readonly Colleague[]): number[] {
  const items = new Set(colleagues.flatMap((one) => one.answers.map((answer) => answer.item)));
  return [...items].sort((a, b) => a - b);
}

function said(item: number, colleagues: readonly Colleague[]): Difference["theirs"] {
  return colleagues.flatMap(({ name, answers }) => {
    const answer = answers.find((one) => one.item === item);
    return answer ? [{ name, answer }] : [];
  });
}

/** One answer that all agree to, an empty remark agreeing with any; null when they do not. */
function union(mine: Answer | null, theirs: Difference["theirs"]): Answer | null {
  const all = [...(mine ? [mine] : []), ...theirs.map(({ answer }) => answer)];
  const values = new Set(all.map((one) => one.value));
  const remarks = new Set(all.map((one) => one.remark.trim()).filter(Boolean));
  const [value] = values;
  return values.size === 1 && value && remarks.size <= 1 ? { value, remark: [...remarks][0] ?? "" } : null;
}

/** What colleagues say of an item, as one text: the same text means that nothing new was said. */
export function fingerprint(item: number, colleagues: readonly Colleague[]): string {
  const texts = said(item, colleagues).map(({ answer: { value, remark } }) => `${value}|${remark.trim()}`);
  return JSON.stringify(texts.sort());
}

/** The next number of a share: the clock in milliseconds, but always greater than the last. */
export function nextSeq(last: number, now: number): number {
  return Math.max(Math.round(now), last + 1);
}
