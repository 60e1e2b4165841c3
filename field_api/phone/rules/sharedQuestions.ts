// Two officers on one visit, as shares.ts tells of items: the same for the checklist's further questions, each taken as a whole.
import type { Answer, Answers } from "../form";
import type { Colleague } from "./shares";

/** An answer to one question; a repeat's are all of its rows. */
export type Given = Answer | Answers[];

/** A question that a colleague answered otherwise than the leader, or on which colleagues differ. */
export interface QuestionDifference {
  question: string;
  own: Given;
  theirs: { name: string; answer: Given }[];
}

export interface MergedQuestions {
  /** What nobody contradicts: the leader's record gets it without being asked. */
  takeOver: Answers;
  differences: QuestionDifference[];
}

/** The leader's answers and those of colleagues, question by question; `settled` as for items. */
export function mergeQuestions(
  own: Answers,
  colleagues: readonly Colleague[],
  settled: Readonly<Record<string, string>>,
): MergedQuestions {
  const merged: MergedQuestions = { takeOver: {}, differences: [] };
  for (const question of questionsOf(colleagues)) {
    const theirs = said(question, colleagues);
    const mine = given(own[question]);
    const all = new Set([...(mine === null ? [] : [mine]), ...theirs.map(({ answer }) => answer)].map(asText));
    if (all.size > 1) {
      if (settled[question] !== questionPrint(question, colleagues))
        merged.differences.push({ question, own: mine, theirs });
    } else if (mine === null) merged.takeOver[question] = theirs[0]?.answer ?? null;
  }
  return merged;
}

/** What colleagues answer to a question, as one text: the same text means that nothing new was said. */
export function questionPrint(question: string, colleagues: readonly Colleague[]): string {
  return JSON.stringify(said(question, colleagues).map(({ answer }) => asText(answer)).sort()); // biome-ignore format: one thought
}

function questionsOf(colleagues: readonly Colleague[]): string[] {
  const names = new Set(colleagues.flatMap((one) => Object.keys(one.form_answers ?? {})));
  return [...names].filter((name) => said(name, colleagues).length).sort();
}

function said(question: string, colleagues: readonly Colleague[]): QuestionDifference["theirs"] {
  return colleagues.flatMap(({ name, form_answers }) => {
    const answer = given(form_answers?.[question]);
    return answer === null ? [] : [{ name, answer }];
  });
}

/** Rows in which nothing stands are no answer. */
function given(answer: Given | undefined): Given {
  const empty = Array.isArray(answer) && answer.every((row) => typeof row === "object" && !Object.keys(row).length);
  return answer === undefined || answer === "" || empty ? null : answer;
}

/** Whichever order its members came in. */
function asText(answer: Given): string {
  return JSON.stringify(answer, (_, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  );
}
