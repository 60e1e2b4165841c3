// How the phone judges a visit (DOMAIN §2.6, §2.7, §3.2, §3.4).
import { describe, expect, it } from "vitest";
import { conclude, formalFaults, recordFaults, tally, wantsPhoto } from "../../field_api/phone/rules/judge";
import type { CheckItem, Value } from "../../field_api/phone/types";
import { aChecklist } from "./makers";

const checklist = aChecklist(20);
const answered = (values: Record<number, Value>, rest: Value = "yes") =>
  new Map(checklist.items.map(({ no }) => [no, values[no] ?? rest]));
const concluded = (answers: Map<number, Value>) => conclude(tally(checklist.items, answers), checklist.conclusion);
const general = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [at + 3, "no" as const]));

describe("the conclusion", () => {
  it("conforms without failures, whatever does not apply", () => {
    expect(concluded(answered({ 5: "na" }))).toBe("conform");
    expect(concluded(answered({}, "na"))).toBe("conform");
  });

  it("basically conforms with one to eight general items failed", () => {
    expect(concluded(answered(general(1)))).toBe("basically_conform");
    expect(concluded(answered(general(8)))).toBe("basically_conform");
  });

  it("does not conform with nine general items failed, or one key item", () => {
    expect(concluded(answered(general(9)))).toBe("non_conform");
    expect(concluded(answered({ 1: "no" }))).toBe("non_conform");
  });
});

describe("photos", () => {
  it.each([
    ["ALWAYS", "yes", true],
    ["ALWAYS", "no", true],
    ["ALWAYS", "na", false],
    ["ALWAYS", undefined, false],
    ["ON_FAIL", "yes", false],
    ["ON_FAIL", "no", true],
    ["NEVER", "no", false],
  ] as const)("%s with %s: %s", (rule, value, wanted) => {
    expect(wantsPhoto(rule, value)).toBe(wanted);
  });
});

describe("the record", () => {
  const judged = { checklist, answers: answered({}), photos: [1], stated: null };

  it("is whole when all is answered and photographed", () => {
    expect(recordFaults(judged)).toEqual([]);
  });

  it("names open items and missing photos", () => {
    const answers = answered({ 2: "no" });
    answers.delete(7);
    const faults = recordFaults({ ...judged, answers, photos: [] });
    expect(faults).toEqual([
      { code: "missing", item: 7 },
      { code: "photo", item: 1 },
      { code: "photo", item: 2 },
    ]);
  });

  it("asks for no answers but for a photo of the site when nobody could be found", () => {
    const closed = { checklist, answers: new Map(), stated: "R04" };
    expect(recordFaults({ ...closed, photos: [] })).toEqual([{ code: "site_photo", item: null }]);
    expect(recordFaults({ ...closed, photos: [null] })).toEqual([]);
  });

  it("refuses a result that denies failed items", () => {
    const faults = recordFaults({ ...judged, answers: answered({ 3: "no" }), photos: [1, 3], stated: "R07" });
    expect(faults).toContainEqual({ code: "failures", item: null });
  });

  it("takes refusal to cooperate with items failed or open", () => {
    const some = new Map<number, Value>([[3, "no" as const]]);
    expect(recordFaults({ checklist, answers: some, photos: [3], stated: "R06" })).toEqual([]);
  });

  it("counts an item as key only where the checklist says so", () => {
    const items: CheckItem[] = checklist.items.map((item) => ({ ...item, key: false }));
    expect(tally(items, answered({ 1: "no" })).keyFailed).toBe(0);
  });
});

describe("the formalities", () => {
  const done = {
    arrived: true,
    cardsShown: true,
    rightsTold: true,
    recusal: { asked: false, ground: "", decision: "" },
    readBack: true,
    unsigned: [],
    entitySigned: true,
    entitySigner: "王建国",
    refused: false,
    refusalReason: "",
    stated: null,
  };
  const codes = (changes: object) => formalFaults({ ...done, ...changes }).map((fault) => fault.code);

  it("are complete with all steps taken and all signed", () => {
    expect(codes({})).toEqual([]);
  });

  it("need a signature of the entity, or words on its refusal", () => {
    expect(codes({ entitySigned: false })).toEqual(["entity"]);
    expect(codes({ entitySigner: " " })).toEqual(["entity_name"]);
    expect(codes({ entitySigned: false, refused: true })).toEqual(["refusal_reason"]);
    expect(codes({ entitySigned: false, refused: true, refusalReason: "当场离开" })).toEqual([]);
  });

  it("need every officer, also where nobody was met", () => {
    const steps = { cardsShown: false, rightsTold: false, recusal: null, readBack: false, entitySigned: false };
    expect(codes({ ...steps, stated: "R04", unsigned: ["李婉秋"] })).toEqual(["officer"]);
  });

  it("need the question of recusal asked, and wait while it is not decided on", () => {
    const asked = { asked: true, ground: "检查员是房东", decision: "" };
    expect(codes({ recusal: null })).toEqual(["recusal_open"]);
    expect(codes({ recusal: asked })).toEqual(["recusal"]);
    expect(codes({ recusal: { ...asked, decision: "张科长 10:20 决定驳回" } })).toEqual([]);
  });

  it("need the record read out", () => {
    expect(codes({ readBack: false })).toEqual(["read_back"]);
  });
});
