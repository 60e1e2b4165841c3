// How a visit is judged on the phone, as the server will judge it again: conclusion, photos, what is missing.
// DOMAIN §2.7 result codes, §3.2 conclusion, §3.4 photos.
import type { Recusal } from "../store/db";
import type { CheckItem, Checklist, PhotoRule, Value, Words } from "../types";

export type Conclusion = "conform" | "basically_conform" | "non_conform";
export type Answers = ReadonlyMap<number, Value>;

export interface Tally {
  yes: number;
  na: number;
  open: number;
  keyFailed: number;
  generalFailed: number;
}

/** Codes a team may state itself; what the checklist says (R01, R05, R08) is worked out. */
export const STATED = ["R02", "R03", "R08", "R04", "R06", "R07", "S01"] as const;
const EXCLUSIVE = new Set(["R01", "R04", "R07", "S01", "S02", "S03", "S04", "S05"]);
const NO_VISIT = new Set(["R04", "R06", "R07", "S01", "S02", "S03", "S04", "S05"]);
const AT_THE_DOOR = new Set(["R04", "R07", "S01"]);

/** Count the answers: open items stand apart, 不适用 does not count for the conclusion. */
export function tally(items: readonly CheckItem[], answers: Answers): Tally {
  const counts: Tally = { yes: 0, na: 0, open: 0, keyFailed: 0, generalFailed: 0 };
  for (const item of items) counts[column(item, answers.get(item.no))] += 1;
  return counts;
}

function column(item: CheckItem, value: Value | undefined): keyof Tally {
  if (value === undefined) return "open";
  if (value !== "no") return value;
  return item.key ? "keyFailed" : "generalFailed";
}

/** 符合 without failures; 不符合 above either limit; 基本符合 between. */
export function conclude(counts: Tally, rule: Checklist["conclusion"]): Conclusion {
  if (counts.keyFailed + counts.generalFailed === 0) return "conform";
  const tooMany = counts.generalFailed > rule.general_max_for_basic || counts.keyFailed > rule.key_max_for_basic;
  return tooMany ? "non_conform" : "basically_conform";
}

/** Does an answer need at least one photo? Never where the item does not apply. */
export function wantsPhoto(rule: PhotoRule, value: Value | null | undefined): boolean {
  return (rule === "ALWAYS" && (value === "yes" || value === "no")) || (rule === "ON_FAIL" && value === "no");
}

/** Must every item be answered, given what the team states? Not where the visit could not take place. */
export function answersNeeded(stated: string | null): boolean {
  return stated === null || !NO_VISIT.has(stated);
}

/** Must there be a photo of the site itself? Where nobody or nothing was found there. */
export function sitePhotoNeeded(stated: string | null): boolean {
  return stated !== null && AT_THE_DOOR.has(stated);
}

export type Fault =
  | { code: "missing" | "photo"; item: number }
  | { code: "site_photo" | "failures" | "arrive" | "cards" | "rights" | "recusal_open" | "recusal"; item: null }
  | { code: "read_back" | "entity" | "entity_name" | "refusal_reason"; item: null }
  | { code: "officer"; item: null; name: string }
  | QuestionFault;

/** What is wrong with an answer beside the items: where (`name`, or `repeat/0/name`), why, and the workbook's words. */
export interface QuestionFault {
  code: "question";
  item: number | null;
  path: string;
  why: string;
  message: Words | null;
  label: Words;
}

export interface Judged {
  checklist: Checklist;
  answers: Answers;
  /** Item of each photo; null is the site itself. */
  photos: readonly (number | null)[];
  stated: string | null;
}

/** What the record itself still lacks: answers, photos, a result that fits. */
export function recordFaults({ checklist, answers, photos, stated }: Judged): Fault[] {
  const { items } = checklist;
  const open = answersNeeded(stated) ? items.filter((item) => !answers.has(item.no)) : [];
  const bare = items.filter((item) => wantsPhoto(item.photo, answers.get(item.no)) && !photos.includes(item.no));
  const counts = tally(items, answers);
  const clash = stated !== null && EXCLUSIVE.has(stated) && counts.keyFailed + counts.generalFailed > 0;
  return [
    ...open.map((item): Fault => ({ code: "missing", item: item.no })),
    ...bare.map((item): Fault => ({ code: "photo", item: item.no })),
    ...(sitePhotoNeeded(stated) && photos.length === 0 ? [{ code: "site_photo", item: null } as const] : []),
    ...(clash ? [{ code: "failures", item: null } as const] : []),
  ];
}

export interface Formalities {
  arrived: boolean;
  cardsShown: boolean;
  rightsTold: boolean;
  /** What was said to the question of recusal; null when it was not asked. */
  recusal: Recusal | null;
  /** The record, as it is now, was read out. */
  readBack: boolean;
  /** Officers who have not signed the record as it is now, by name. */
  unsigned: readonly string[];
  entitySigned: boolean;
  entitySigner: string;
  refused: boolean;
  refusalReason: string;
  stated: string | null;
}

type FormalCode = Exclude<Fault["code"], "missing" | "photo" | "officer" | "question">;

/** Which of the steps on site (DOMAIN §2.6) are still open. Nobody can be shown a card where nobody was met. */
export function formalFaults(done: Formalities): Fault[] {
  const met = !sitePhotoNeeded(done.stated);
  const before: [boolean, FormalCode][] = [
    [!done.arrived, "arrive"],
    [met && !done.cardsShown, "cards"],
    [met && !done.rightsTold, "rights"],
    [met && done.recusal === null, "recusal_open"],
    [isPaused(done.recusal), "recusal"],
    [met && !done.readBack, "read_back"],
  ];
  const officers = done.unsigned.map((name): Fault => ({ code: "officer", item: null, name }));
  return [...told(before), ...officers, ...told(met ? entityFaults(done) : [])];
}

function entityFaults({ refused, refusalReason, entitySigned, entitySigner }: Formalities): [boolean, FormalCode][] {
  if (refused) return [[!refusalReason.trim(), "refusal_reason"]];
  return [
    [!entitySigned, "entity"],
    [entitySigned && !entitySigner.trim(), "entity_name"],
  ];
}

function told(found: readonly [boolean, FormalCode][]): Fault[] {
  return found.flatMap(([is, code]) => (is ? [{ code, item: null } as Fault] : []));
}

/** Recusal was asked for and nobody has decided on it yet: the visit waits. */
export function isPaused(recusal: Recusal | null | undefined): boolean {
  return Boolean(recusal?.asked && !recusal.decision.trim());
}
