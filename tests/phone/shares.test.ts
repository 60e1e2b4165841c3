// Two officers on one visit: what is taken over, what is asked, and that it ends the same in any order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answers } from "../../field_api/phone/form";
import { mergeQuestions, questionPrint } from "../../field_api/phone/rules/sharedQuestions";
import { type Colleague, fingerprint, leads, merge, nextSeq } from "../../field_api/phone/rules/shares";
import type { Answer } from "../../field_api/phone/store/db";
import type { Officer, Value } from "../../field_api/phone/types";

const said = (name: string, answers: Record<number, [Value, string?]>): Colleague => {
  const list = Object.entries(answers).map(([item, [value, remark]]) => ({
    item: Number(item),
    value,
    remark: remark ?? "",
  }));
  return { inspector_id: name, name, leader: false, seq: 1, at: "", answers: list, photos: [] };
};
const own = (answers: Record<number, [Value | null, string?]>): Record<number, Answer> =>
  Object.fromEntries(Object.entries(answers).map(([item, [value, remark]]) => [item, { value, remark: remark ?? "" }]));

describe("the leader's record", () => {
  it("takes over what it has no answer to, and remarks it lacks", () => {
    const { takeOver, differences } = merge(
      own({ 1: ["no"], 2: [null, "…"] }),
      [said("李", { 1: ["no", "鼠迹"], 2: ["yes"] })],
      {},
    );
    expect(takeOver).toEqual({ 1: { value: "no", remark: "鼠迹" }, 2: { value: "yes", remark: "" } });
    expect(differences).toEqual([]);
  });

  it("asks where a colleague found something else, or colleagues differ", () => {
    const { takeOver, differences } = merge(
      own({ 1: ["yes"] }),
      [said("李", { 1: ["no"], 3: ["yes"] }), said("王", { 3: ["na"] })],
      {},
    );
    expect(takeOver).toEqual({});
    expect(differences.map((one) => [one.item, one.own?.value ?? null, one.theirs.map((their) => their.name)])).toEqual(
      [
        [1, "yes", ["李"]],
        [3, null, ["李", "王"]],
      ],
    );
  });

  it("is asked once: again only when the colleague says something new", () => {
    const before = [said("李", { 1: ["no"] })];
    const settled = { 1: fingerprint(1, before) };
    expect(merge(own({ 1: ["yes"] }), before, settled).differences).toEqual([]);
    expect(merge(own({ 1: ["yes"] }), [said("李", { 1: ["na"] })], settled).differences).toHaveLength(1);
  });

  it("never changes an answer of the leader's own by itself, and taking over twice changes nothing more", () => {
    const value = fc.constantFrom<Value>("yes", "no", "na");
    const remark = fc.constantFrom("", "甲", "乙");
    const answers = fc.dictionary(fc.integer({ min: 1, max: 6 }).map(String), fc.tuple(value, remark));
    fc.assert(
      fc.property(answers, fc.array(answers, { maxLength: 3 }), (mine, theirs) => {
        const colleagues = theirs.map((one, at) => said(String(at), one));
        const { takeOver } = merge(own(mine), colleagues, {});
        for (const [item, [given]] of Object.entries(mine)) expect(takeOver[Number(item)]?.value ?? given).toBe(given);
        const after = { ...own(mine), ...takeOver };
        expect(merge(after, colleagues, {}).takeOver).toEqual({});
        expect(merge(own(mine), [...colleagues].reverse(), {}).takeOver).toEqual(takeOver);
      }),
    );
  });
});

describe("the leader's further answers", () => {
  const told = (name: string, form_answers: Answers): Colleague => ({ ...said(name, {}), form_answers });

  it("take over what only a colleague answered, rows as a whole, whichever order members come in", () => {
    const rows = [{ dish: "青菜", grams: 130 }];
    const again = [{ grams: 130, dish: "青菜" }];
    const { takeOver, differences } = mergeQuestions(
      { heat: 70, dishes: [{}] },
      [told("李", { heat: 70, dishes: rows }), told("王", { dishes: again, note: "" })],
      {},
    );
    expect(takeOver).toEqual({ dishes: rows });
    expect(differences).toEqual([]);
  });

  it("are asked about once where a colleague answered otherwise", () => {
    const before = [told("李", { heat: 65 })];
    const { takeOver, differences } = mergeQuestions({ heat: 70 }, before, {});
    expect(takeOver).toEqual({});
    expect(differences).toEqual([{ question: "heat", own: 70, theirs: [{ name: "李", answer: 65 }] }]);
    const settled = { heat: questionPrint("heat", before) };
    expect(mergeQuestions({ heat: 70 }, before, settled).differences).toEqual([]);
    expect(mergeQuestions({ heat: 70 }, [told("李", { heat: 60 })], settled).differences).toHaveLength(1);
  });

  it("are never changed by themselves, and end the same in any order", () => {
    const answers = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", 1));
    fc.assert(
      fc.property(answers, fc.array(answers, { maxLength: 3 }), (mine, theirs) => {
        const colleagues = theirs.map((one, at) => told(String(at), one));
        const { takeOver } = mergeQuestions(mine, colleagues, {});
        for (const name of Object.keys(mine)) expect(takeOver).not.toHaveProperty(name);
        expect(mergeQuestions({ ...mine, ...takeOver }, colleagues, {}).takeOver).toEqual({});
        expect(mergeQuestions(mine, [...colleagues].reverse(), {}).takeOver).toEqual(takeOver);
      }),
    );
  });
});

describe("a team", () => {
  const officer = (leader: boolean, me: boolean): Officer => ({
    inspector_id: "",
    name: "",
    card_no: null,
    leader,
    me,
  });

  it("is led by its leader alone; one without a leader by each", () => {
    expect(leads([officer(true, true), officer(false, false)])).toBe(true);
    expect(leads([officer(true, false), officer(false, true)])).toBe(false);
    expect(leads([officer(false, false), officer(false, true)])).toBe(true);
  });

  it("numbers its shares upwards, even when a clock is set back", () => {
    expect(nextSeq(0, 1000)).toBe(1000);
    expect(nextSeq(5000, 1000)).toBe(5001);
  });
});
