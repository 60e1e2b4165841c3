// What tests need: a checklist, a task.
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
