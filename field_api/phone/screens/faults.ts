// What a visit still lacks, and in which words and at which step to mend it.
import { type Fault, formalFaults, recordFaults } from "../rules/judge";
import type { Photo, Visit } from "../store/db";
import { givenAnswers } from "../store/visits";
import type { Checklist, Task } from "../types";
import { isKey, t } from "../words";

export interface Whole {
  task: Task;
  visit: Visit;
  checklist: Checklist;
  photos: readonly Photo[];
}

/** Faults of the record: answers, photos, result. */
export function faultsOfRecord({ visit, checklist, photos }: Whole): Fault[] {
  const items = photos.map((photo) => photo.item);
  return recordFaults({ checklist, answers: givenAnswers(visit), photos: items, stated: visit.resultCode });
}

/** All that keeps a visit from being submitted. */
export function faultsOf(whole: Whole): Fault[] {
  const { visit, task } = whole;
  const unsigned = task.team.filter((officer) => !visit.officers[officer.inspector_id]).map((officer) => officer.name);
  const done = { ...visit, arrived: visit.arrivedAt !== null, unsigned, stated: visit.resultCode };
  return [...faultsOfRecord(whole), ...formalFaults(done)];
}

const STEP: Record<Fault["code"], number> = {
  arrive: 0,
  cards: 1,
  rights: 1,
  missing: 2,
  photo: 2,
  site_photo: 3,
  failures: 3,
  officer: 4,
  entity: 4,
  refusal_reason: 4,
};

export function stepOf(fault: Fault): number {
  return STEP[fault.code];
}

export function tell(fault: Fault, resultCode: string | null): string {
  const result = `result.${resultCode}`;
  return t(`fault.${fault.code}`, {
    no: fault.item ?? "",
    name: fault.code === "officer" ? fault.name : "",
    result: isKey(result) ? t(result) : (resultCode ?? ""),
  });
}
