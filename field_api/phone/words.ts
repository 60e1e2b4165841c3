// Words for people, in the language they chose; all of them stand in words.json.

import type { Language, Words } from "./types";
import catalogue from "./words.json";

export type Key = keyof typeof catalogue;

const KEPT = "fieldlot-lang";
let chosen: Language = read();

function read(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

export function language(): Language {
  return chosen;
}

/** Keep a choice of language; the caller draws the app anew. */
export function chooseLanguage(next: Language): void {
  chosen = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Words of the catalogue, with {facts} filled in. */
export function t(key: Key, facts: Record<string, string | number> = {}): string {
  return fill(catalogue[key][chosen], facts);
}

/** Words that came from the server in both languages. */
export function said(words: Partial<Words> | null | undefined): string {
  return words?.[chosen] || words?.zh || "";
}

/** Several names in one line, as the language puts them in a row. */
export function inRow(names: readonly string[]): string {
  return names.join(chosen === "zh" ? "、" : ", ");
}

export function isKey(key: string): key is Key {
  return key in catalogue;
}

export function fill(text: string, facts: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(facts[name] ?? hole));
}
