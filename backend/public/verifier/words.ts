// The words of the verifier, in the reader's language.
import catalogue from "./words.json";

export type Language = "zh" | "en";
export type Facts = Record<string, string | number>;

/** The words for a key, with its facts put in. Throws RangeError. */
export function words(language: Language, key: string, facts: Facts = {}): string {
  const entry = (catalogue as Record<string, Record<Language, string>>)[key];
  if (!entry) throw new RangeError(`no words for ${key}`);
  return entry[language].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ""));
}
