// What a checklist asks besides its items: the form filled with a draft, its answers changed, told and judged.
// docs/checklists.md says what an answer may be; the server judges again by the same rules.
import { type Answer, type Answers, type Fault as FormFault, type Model, open, type Shown } from "../form";
import type { Answer as ItemAnswer } from "../store/db";
import type { CheckItem, Checklist } from "../types";
import { answersNeeded, type Fault } from "./judge";

/** China has one clock, and the server judges by its days: 8 h ahead of UTC. */
const LOCAL_MS = 8 * 3_600_000;

/** What of a draft the form looks at. */
export interface Draft {
  answers: Readonly<Record<number, ItemAnswer>>;
  formAnswers?: Answers;
  resultCode: string | null;
  startedAt: string;
  arrivedAt: string | null;
}

/** The local day on which a visit began, by the server's clock, as 2026-11-23. */
export function dayOfVisit({ startedAt, arrivedAt }: Draft, clockOffsetMs: number): string {
  const began = Date.parse(arrivedAt ?? startedAt) - clockOffsetMs;
  return new Date(began + LOCAL_MS).toISOString().slice(0, 10);
}

/** The form with all of a draft's answers, those to items too; null for a checklist that has none. */
export function filledForm(checklist: Checklist, draft: Draft, day: string): Model | null {
  if (!checklist.form) return null;
  const items = checklist.items.flatMap(({ no, name }) => {
    const value = draft.answers[no]?.value;
    return name && value ? [[name, value] as const] : [];
  });
  const needed = answersNeeded(draft.resultCode);
  return open(checklist.form, { ...draft.formAnswers, ...Object.fromEntries(items) }, { today: day, needed });
}

/** The checklist with the items that are asked now, their words as they read now. */
export function asked(checklist: Checklist, form: Model | null): Checklist {
  if (!form) return checklist;
  const relevant = new Map(questionsIn(form.visible()).map((shown) => [shown.path, shown]));
  const items = checklist.items.filter(({ name }) => !name || relevant.has(name));
  return { ...checklist, items: items.map((item) => ({ ...item, text: spoken(form, item) })) };
}

function spoken(form: Model, { text }: CheckItem): CheckItem["text"] {
  return { zh: form.say(text, "zh"), en: form.say(text, "en") };
}

/** Every question that is relevant now, out of groups and repeats, in the form's order. */
export function questionsIn(shown: readonly Shown[]): Shown[] {
  return shown.flatMap((one) =>
    one.node.kind === "group" || one.node.kind === "repeat" ? [one, ...questionsIn(one.children)] : [one],
  );
}

/** Questions beside the items that are answered now. */
export function answeredIn(shown: readonly Shown[]): Shown[] {
  return questionsIn(shown).filter(({ node, value }) => value !== null && !node.item);
}

/** What is wrong beside open items, as the server will find it; `photos` are the ids of the draft's. */
export function questionFaults(checklist: Checklist, form: Model | null, photos: ReadonlySet<string>): Fault[] {
  if (!form) return [];
  const items = new Map(checklist.items.map((item) => [item.name, item.no]));
  const told = form.faults().filter(({ path, code }) => !items.has(path) || code === "constraint");
  const pictures = answeredIn(form.visible()).filter(({ node }) => isPicture(node.kind));
  const bare = pictures.filter(({ value }) => !photos.has(String(value)));
  return [
    ...told.map((fault): Fault => asFault(form, fault, items.get(fault.path) ?? null)),
    ...bare.map(({ path }): Fault => asFault(form, { path, code: "required", message: null }, null)),
  ];
}

function asFault(form: Model, { path, code, message }: FormFault, item: number | null): Fault {
  const shown = questionsIn(form.visible()).find((one) => one.path === path);
  const label = { zh: form.say(shown?.node.label, "zh", path), en: form.say(shown?.node.label, "en", path) };
  return { code: "question", item, path, why: code, message, label };
}

export function isPicture(kind: Shown["node"]["kind"]): boolean {
  return kind === "image" || kind === "signature";
}

/** Answers to be sent: of relevant questions beside the items, with what was calculated. */
export function answersToSend(checklist: Checklist, form: Model | null): Answers {
  const all = form?.answers() ?? {};
  const items = new Set(checklist.items.map(({ name }) => name));
  return Object.fromEntries(Object.entries(all).filter(([name]) => !items.has(name)));
}

/** An answer as it was given, fitting or not; `path` is a name or `repeat/0/name`. */
export function rawAt(answers: Answers | undefined, path: string): unknown {
  const [first = "", index, name] = path.split("/");
  if (name === undefined) return answers?.[first];
  return rowsOf(answers, first)[Number(index)]?.[name];
}

function rowsOf(answers: Answers | undefined, repeat: string): Answers[] {
  const rows = answers?.[repeat];
  return Array.isArray(rows) ? (rows as Answers[]) : [];
}

/** The answers with one of them changed; null takes it away. */
export function withAnswer(answers: Answers | undefined, path: string, value: Answer): Answers {
  const [first = "", index, name] = path.split("/");
  if (name === undefined) return put(answers, first, value);
  const rows = rowsOf(answers, first).map((row, at) => (at === Number(index) ? put(row, name, value) : row));
  return { ...answers, [first]: rows };
}

function put(answers: Answers | undefined, name: string, value: Answer): Answers {
  const { [name]: _, ...others } = answers ?? {};
  return value === null ? others : { ...others, [name]: value };
}

/** The answers with one more, empty instance of a repeat. */
export function withInstance(answers: Answers | undefined, repeat: string): Answers {
  return { ...answers, [repeat]: [...rowsOf(answers, repeat), {}] };
}

/** The answers without an instance of a repeat. */
export function withoutInstance(answers: Answers | undefined, repeat: string, index: number): Answers {
  return { ...answers, [repeat]: rowsOf(answers, repeat).filter((_, at) => at !== index) };
}

/** What was typed as a number: digits of any width, a comma for the point; what is none stays a text, to be told of. */
export function typedNumber(text: string): Answer {
  const plain = text.normalize("NFKC").trim().replace(/[,。]/, ".");
  if (!plain) return null;
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text;
}

/** Ids of pictures that answers name. */
export function picturesIn(shown: readonly Shown[]): Set<string> {
  return new Set(answeredIn(shown).flatMap(({ node, value }) => (isPicture(node.kind) ? [String(value)] : [])));
}
