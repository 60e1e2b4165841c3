// The words of a question in the person's language, with the answers that they show filled in.
import type { Answer, Choice, Shown } from "../form";
import { isPicture } from "../rules/questions";
import type { Given } from "../rules/sharedQuestions";
import { language, said, t } from "../words";
import type { Whole } from "./faults";

export function wordsOf({ form }: Pick<Whole, "form">, { node, path }: Shown): { label: string; hint: string } {
  const say = (words: Shown["node"]["label"] | undefined) => form?.say(words, language(), path) ?? "";
  return { label: say(node.label), hint: say(node.hint) };
}

/** A question's label; with the number of its row where it is asked several times. */
export function numbered(whole: Pick<Whole, "form">, shown: Shown): string {
  const [, row, name] = shown.path.split("/");
  const { label } = wordsOf(whole, shown);
  return name === undefined ? label : `${label} ${Number(row) + 1}`;
}

/** A choice's label; its name where it has none any more. */
export function choiceWords(choices: readonly Choice[], name: string): string {
  return said(choices.find((choice) => choice.name === name)?.label) || name;
}

/** A place as people read it: latitude, longitude, and how exact it is. */
export function placeWords(place: string): string {
  const [lat, lon, , accuracy] = place.split(" ");
  return `${lat}, ${lon}${accuracy ? ` ±${Math.round(Number(accuracy))} m` : ""}`;
}

/** An answer in words: labels of what was chosen, else as it was given. */
export function answerWords({ form }: Pick<Whole, "form">, { node, value }: Shown): string {
  if (value === null) return "";
  if (node.kind === "geopoint") return placeWords(String(value));
  const every = node.list ? (form?.choicesOf(node.list) ?? []) : [];
  if (Array.isArray(value)) return value.map((one) => choiceWords(every, one)).join(language() === "zh" ? "、" : ", ");
  return every.length ? choiceWords(every, String(value)) : String(value);
}

/** An answer that somebody gave: of a repeat how many rows, of a picture that there is one. */
export function givenWords(whole: Pick<Whole, "form">, shown: Shown, answer: Given): string {
  const { kind } = shown.node;
  if (kind === "repeat") return t("question.rows", { count: Array.isArray(answer) ? answer.length : 0 });
  if (isPicture(kind)) return t("question.picture");
  return answerWords(whole, { ...shown, value: answer as Answer });
}
