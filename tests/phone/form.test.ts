// Forms on the phone, by the vectors that the server's tests read too, and as screens use them.
import { describe, expect, it } from "vitest";
import { type Answers, evaluate, Filled, type Form, itemName, open, type Tree } from "../../field_api/phone/form";
import { toText } from "../../field_api/phone/form/values";
import vectors from "../registry/form_vectors.json";

const today = "2026-11-23";
const form = vectors.form as unknown as Form;
const named = (name: string) => {
  const found = vectors.forms.find((one) => one.name.startsWith(name));
  if (!found) throw new Error(name);
  return found.form as unknown as Form;
};

describe("expressions", () => {
  it.each(vectors.expressions.map((vector) => [vector.text, vector] as const))("%s", (_text, vector) => {
    const filled = new Filled(form, vector.answers as Answers, { today });
    expect(toText(filled.calculated(vector.tree as unknown as Tree))).toBe(vector.is);
  });

  it("give nothing for what they do not know", () => {
    expect(evaluate(["later"], new Filled(form, {}, { today }).outside())).toBe("");
  });
});

const cases = vectors.forms.flatMap((one) =>
  one.cases.map((each, at) => [`${one.name} ${at}`, one.form, each] as const),
);

describe("forms", () => {
  it.each(cases)("%s", (_name, compiled, each) => {
    const needed = "needed" in each ? each.needed : true;
    const filled = new Filled(compiled as unknown as Form, each.answers as Answers, { today, needed: needed ?? true });
    expect(filled.faults().map((fault) => [fault.path, fault.code])).toEqual(each.faults);
    for (const [path, value] of Object.entries(each.values)) expect(toText(filled.valueAt(path))).toBe(value);
  });
});

describe("a form open on a screen", () => {
  it("shows what becomes relevant and keeps what is hidden in the draft only", () => {
    const model = open(named("relevance"), {}, { today });
    const paths = () => model.visible().map((shown) => shown.path);
    expect(paths()).toEqual(["one"]);
    model.answer("one", "no");
    expect(paths()).toEqual(["one", "inner"]);
    model.answer("words", "why");
    expect(model.progress()).toEqual({ asked: 2, answered: 2 });
    model.answer("one", "yes");
    expect(model.answers()).toEqual({ one: "yes", said: "nothing" });
    expect(model.raw()).toEqual({ one: "yes", words: "why" });
  });

  it("adds and removes instances, each with its faults", () => {
    const model = open(named("repeats"), {}, { today });
    model.add("samples");
    model.add("samples");
    model.answer("samples/1/words", "a");
    model.answer("samples/1/weight", 2.5);
    const [repeat] = model.visible();
    expect(repeat?.children.map((row) => row.children.map((shown) => shown.path))).toEqual([
      ["samples/0/words", "samples/0/weight"],
      ["samples/1/words", "samples/1/weight"],
    ]);
    expect(model.faults().map((fault) => fault.path)).toEqual(["samples/0/words"]);
    model.remove("samples", 0);
    expect(model.faults()).toEqual([]);
    expect(model.value("total")).toBe(2.5);
    expect(model.answers()).toEqual({ samples: [{ words: "a", weight: 2.5, nth: 10 }], total: 2.5, many: 1 });
  });

  it("narrows choices as answers above them change", () => {
    const model = open(named("choice filters"), { one: "yes", many: ["blue"] }, { today });
    const choices = () => model.visible()[1]?.choices.map((choice) => choice.name);
    expect(choices()).toEqual(["red", "blue"]);
    model.answer("one", null);
    expect(choices()).toEqual(["red"]);
    expect(model.faults()).toEqual([{ path: "many", code: "choice", message: null }]);
  });

  it("leaves the answers that it was opened on alone, and unknown places too", () => {
    const draft = { one: "yes" };
    const model = open(named("relevance"), draft, { today });
    model.answer("one", "no");
    model.answer("nobody", "x");
    model.answer("samples/0/words", "x");
    expect(draft).toEqual({ one: "yes" });
    expect(model.raw()).toEqual({ one: "no" });
  });

  it("says words with the answers in them", () => {
    const model = open(named("calculations"), { whole: 3 }, { today });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how workbooks show answers
    const words = { zh: "${c} 项", en: "${c} in all" };
    expect(model.say(words, "en")).toBe("7 in all");
  });

  it("finds the question of a check item", () => {
    const item = { no: 7, key: true, photo: "ALWAYS" as const, prompt: null };
    const nodes = [
      {
        name: "A",
        kind: "group" as const,
        label: {},
        children: [{ name: "q", kind: "select_one" as const, label: {}, item }],
      },
    ];
    expect(itemName({ ...form, nodes }, 7)).toBe("q");
  });
});
