// What a visit still lacks, and in which words and at which step to mend it.
import type { Model } from "../form";
import { type Fault, formalFaults, recordFaults } from "../rules/judge";
import { questionFaults } from "../rules/questions";
import { ENTITY, stands } from "../rules/signing";
import type { Photo, Visit } from "../store/db";
import { readNow, signedNow } from "../store/signings";
import { givenAnswers } from "../store/visits";
import type { Checklist, Task, Words } from "../types";
import { isKey, said, t } from "../words";

export interface Whole {
  task: Task;
  visit: Visit;
  /** With the items that are asked, given the answers. */
  checklist: Checklist;
  /** The checklist's form filled with the visit's answers; null where it has none. */
  form: Model | null;
  photos: readonly Photo[];
}

/** Faults of the record: answers, photos, result. */
export function faultsOfRecord({ visit, checklist, form, photos }: Whole): Fault[] {
  const items = photos.filter((photo) => !photo.purpose).map((photo) => photo.item);
  const judged = { checklist, answers: givenAnswers(visit), photos: items, stated: visit.resultCode };
  return [...recordFaults(judged), ...questionFaults(checklist, form, new Set(visit.photoIds))];
}

/** All that keeps a visit from being submitted. */
export function faultsOf(whole: Whole): Fault[] {
  const { visit, task, photos } = whole;
  const now = signedNow(visit, photos);
  const signed = (who: string) => stands(visit.signings?.[who], now);
  const done = {
    ...visit,
    arrived: visit.arrivedAt !== null,
    recusal: visit.recusal ?? null,
    readBack: visit.readBack?.of === readNow(visit, photos),
    unsigned: task.team.filter((officer) => !signed(officer.inspector_id)).map((officer) => officer.name),
    entitySigned: signed(ENTITY),
    stated: visit.resultCode,
  };
  return [...faultsOfRecord(whole), ...formalFaults(done)];
}

const STEP: Record<Fault["code"], number> = {
  arrive: 0,
  cards: 1,
  rights: 1,
  recusal_open: 1,
  recusal: 1,
  missing: 2,
  photo: 2,
  question: 2,
  site_photo: 3,
  failures: 3,
  read_back: 4,
  officer: 5,
  entity: 5,
  entity_name: 5,
  refusal_reason: 5,
};

export function stepOf(fault: Fault): number {
  return STEP[fault.code];
}

/** What of a step is looked for: an item's number, or a question's path. */
export function focusOf(fault: Fault): number | string | null {
  return fault.code === "question" ? fault.path : fault.item;
}

export function tell(fault: Fault, resultCode: string | null): string {
  if (fault.code === "question") return tellQuestion(fault);
  const result = `result.${resultCode}`;
  return t(`fault.${fault.code}`, {
    no: fault.item ?? "",
    name: fault.code === "officer" ? fault.name : "",
    result: isKey(result) ? t(result) : (resultCode ?? ""),
  });
}

function tellQuestion({ label, why, message }: Extract<Fault, { code: "question" }>): string {
  return t("fault.question", { label: said(label), why: tellWhy(why, message) });
}

/** Why an answer does not stand: the workbook's own words where it has some. */
export function tellWhy(why: string, message: Words | null): string {
  const key = `question.${why}`;
  return said(message) || (isKey(key) ? t(key) : t("fault.unknown", { code: why }));
}
