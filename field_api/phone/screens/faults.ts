// What a visit still lacks, and in which words and at which step to mend it.
import { type Fault, formalFaults, recordFaults } from "../rules/judge";
import { ENTITY, stands } from "../rules/signing";
import type { Photo, Visit } from "../store/db";
import { readNow, signedNow } from "../store/signings";
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
  const items = photos.filter((photo) => !photo.purpose).map((photo) => photo.item);
  return recordFaults({ checklist, answers: givenAnswers(visit), photos: items, stated: visit.resultCode });
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

export function tell(fault: Fault, resultCode: string | null): string {
  const result = `result.${resultCode}`;
  return t(`fault.${fault.code}`, {
    no: fault.item ?? "",
    name: fault.code === "officer" ? fault.name : "",
    result: isKey(result) ? t(result) : (resultCode ?? ""),
  });
}
