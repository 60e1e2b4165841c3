// What tests need: a checklist, a task.
import type { Photo, Visit } from "../../field_api/phone/store/db";
import type { Checklist, PhotoRule, Task } from "../../field_api/phone/types";

const words = (text: string) => ({ zh: text, en: text });

/** A checklist of so many items: 1 and 2 are key, 1 always wants a photo, the last never, the others when they fail. */
export function aChecklist(size: number): Checklist {
  const photo = (no: number): PhotoRule => (no === 1 ? "ALWAYS" : no === size ? "NEVER" : "ON_FAIL");
  const items = Array.from({ length: size }, (_, at) => at + 1).map((no) => ({
    no,
    section: "A",
    key: no <= 2,
    text: words(`第 ${no} 项`),
    method: null,
    photo: photo(no),
    prompt: null,
  }));
  const conclusion = { general_max_for_basic: 8, key_max_for_basic: 0 };
  const sections = [{ code: "A", title: words("A") }];
  return {
    id: "c",
    code: "c",
    version: "1",
    title: words("c"),
    sections,
    items,
    answers: ["yes", "no", "na"],
    conclusion,
  };
}

export function aTask(changes: Partial<Task> & { id: string }): Task {
  return {
    state: "assigned",
    source: "draw",
    due: "2026-12-04",
    opens_at: "2026-11-22T18:00:00+08:00",
    entity: {
      id: "e",
      name: "老街面馆",
      uscc: null,
      address: "",
      lon: null,
      lat: null,
      phone: null,
      district: "610702",
    },
    item: { code: "i", name: "i" },
    checklist: { id: "c", code: "c", version: "1" },
    tour: null,
    team: [],
    last_problems: [],
    returned: null,
    submission: null,
    ...changes,
  };
}

export function aTour(date: string, seq: number): Task["tour"] {
  return { id: "t", label: "W48-03", date, seq, arrive: 32_400, depart: 35_100, quality: "roads" };
}

export function aVisit(changes: Partial<Visit> & { id: string }): Visit {
  return {
    ...{ tries: 0, nextAt: 0, problem: null, taskId: "t", checklistId: "c", state: "draft", step: 0 },
    ...{ startedAt: "2026-11-23T09:00:00+08:00", arrivedAt: null, cardsShown: false, rightsTold: false },
    ...{ answers: {}, photoIds: [], resultCode: null, comment: "", entitySigner: "", refused: false },
    ...{ refusalReason: "", witness: "", body: null, sealedAt: null, receipt: null },
    ...changes,
  };
}

export function aPhoto(changes: Partial<Photo> & { id: string }): Photo {
  return {
    ...{ tries: 0, nextAt: 0, problem: null, taskId: "t", item: 1, bytes: new Blob(["photo"]), thumb: null },
    ...{ name: "IMG.jpg", type: "image/jpeg", size: 5, sha256: "0".repeat(64), fix: null, clockOffsetMs: 0 },
    ...{ takenAt: "2026-11-23T09:00:00+08:00", seq: 1, uploadUrl: null, state: "kept" },
    ...changes,
  };
}
