// Whether what somebody signed, or heard read out, is still what the record says (DOMAIN §2.6 steps 7 and 8, §7.6).
import type { Answer, Signing } from "../store/db";

/** Those who sign besides the officers, who go by their inspector id. */
export const ENTITY = "entity";
export const WITNESS = "witness";

/** What of a record is read out and signed; `photos` are ids, without signatures and recordings. */
export interface Content {
  answers: Readonly<Record<number, Answer>>;
  formAnswers?: unknown;
  photos: readonly string[];
  resultCode: string | null;
}

/** A short text that differs when the record differs; empty answers and spaces at the ends do not count. */
export function contentMark({ answers, formAnswers, photos, resultCode }: Content): string {
  const given = Object.entries(answers)
    .filter(([, { value }]) => value)
    .map(([no, { value, remark }]) => [Number(no), value, remark.trim()] as const)
    .sort(([a], [b]) => a - b);
  return mark(JSON.stringify([given, formAnswers ?? {}, [...photos].sort(), resultCode]));
}

/** As contentMark, with what the entity says of it, which is heard only after the reading. */
export function signedMark(content: Content, comment: string): string {
  return mark(`${contentMark(content)} ${comment.trim()}`);
}

/** 53 bits of a text (cyrb53): enough to notice a change, no proof of anything; the seal hashes with SHA-256. */
function mark(text: string): string {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2654435761);
    two = Math.imul(two ^ unit, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return (4294967296 * (2097151 & two) + (one >>> 0)).toString(36);
}

/** Does a signature stand? Not when the record has changed since. */
export function stands(signing: Signing | undefined, signed: string): boolean {
  return signing !== undefined && signing.of === signed;
}
