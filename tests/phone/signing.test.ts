// Signatures: drawn or by name, of the record as it is; what changes afterwards has to be signed anew.
import { describe, expect, it, vi } from "vitest";
import { contentMark, signedMark, stands } from "../../field_api/phone/rules/signing";
import type { Photo, Signing, Visit } from "../../field_api/phone/store/db";
import { submission } from "../../field_api/phone/store/seal";
import { signedNow } from "../../field_api/phone/store/signings";
import type { Officer } from "../../field_api/phone/types";

vi.stubGlobal("__VERSION__", "0.1.0");

const team = ["陈明", "李婉秋"].map((name, at): Officer => {
  return { inspector_id: String(at + 1), name, card_no: null, leader: at === 0, me: at === 0 };
});
const answers = { 1: { value: "yes" as const, remark: "" }, 2: { value: "no" as const, remark: "鼠迹" } };
const content = { answers, photos: ["a", "b"], resultCode: null };
const photo = (id: string, more: Partial<Photo> = {}) => ({ id, item: 1, sha256: `${id}${id}`, ...more }) as Photo;
const image = (id: string) => photo(id, { item: null, purpose: "signature" });

/** A draft that these people have signed: drawn with the photo of that id, or by name where it is null. */
function signed(by: Record<string, string | null>, more: Partial<Visit> = {}): Visit {
  const unsaid = { comment: "", refused: false, refusalReason: "", witness: "" };
  const bare = { ...unsaid, answers, resultCode: null, entitySigner: "王建国", ...more } as Visit;
  const of = signedNow(bare, [photo("a")]);
  const signings = Object.entries(by).map(([who, photoId]): [string, Signing] => [who, { photoId, at: "", of }]);
  return { ...bare, signings: Object.fromEntries(signings) };
}
const sent = (visit: Visit, photos: Photo[]) => submission(visit, photos, team, 0);

describe("the mark of a record", () => {
  it("stays with spaces, open items and another order of photos", () => {
    const same = { ...answers, 2: { value: "no" as const, remark: " 鼠迹 " }, 3: { value: null, remark: "…" } };
    expect(contentMark({ ...content, answers: same, photos: ["b", "a"] })).toBe(contentMark(content));
  });

  it("differs with an answer, a remark, a photo, a form's answer, the result", () => {
    const others = [
      { ...content, answers: { ...answers, 1: { value: "na" as const, remark: "" } } },
      { ...content, answers: { ...answers, 1: { value: "yes" as const, remark: "好" } } },
      { ...content, photos: ["a"] },
      { ...content, formAnswers: { seats: 12 } },
      { ...content, resultCode: "R06" },
    ];
    const marks = new Set([content, ...others].map(contentMark));
    expect(marks.size).toBe(6);
  });

  it("counts what the entity says for who signs, not for what was read out", () => {
    expect(signedMark(content, "无异议")).not.toBe(signedMark(content, ""));
  });
});

describe("a signature", () => {
  it("stands until the record changes", () => {
    const visit = signed({ 1: "s" });
    expect(stands(visit.signings?.["1"], signedNow(visit, [photo("a"), image("s")]))).toBe(true);
    expect(stands(visit.signings?.["1"], signedNow({ ...visit, comment: "不服" }, [photo("a")]))).toBe(false);
    expect(stands(undefined, "")).toBe(false);
  });

  it("is sent with the hash of what was drawn, or without one where a name was confirmed", () => {
    const visit = signed({ 1: "s", 2: null, entity: "e" });
    expect(sent(visit, [photo("a"), image("s"), image("e")])).toMatchObject({
      signatures: [
        { role: "officer", inspector_id: "1", name: "陈明", sha256: "ss" },
        { role: "officer", inspector_id: "2", name: "李婉秋", sha256: null },
        { role: "entity", inspector_id: null, name: "王建国", sha256: "ee" },
      ],
      refusal: null,
    });
  });

  it("stands when the form adds what it calculated", () => {
    const visit = signed({ 1: null }, { formAnswers: { seats: 12 } });
    const body = submission(visit, [photo("a")], team, 0, { seats: 12, crowded: "yes" });
    expect(body).toMatchObject({ form_answers: { crowded: "yes" }, signatures: [{ inspector_id: "1" }] });
  });

  it("is not sent when the record changed after it", () => {
    const visit = { ...signed({ 1: "s" }), comment: "不服" };
    expect(sent(visit, [photo("a"), image("s")])).toMatchObject({ signatures: [] });
  });

  it("of the entity gives way to its refusal, with the witness's", () => {
    const refusal = { refused: true, refusalReason: " 当场离开 ", witness: "丙" };
    const visit = { ...signed({ 1: null, entity: "e", witness: "w" }), ...refusal };
    expect(sent(visit, [photo("a"), image("e"), image("w")])).toMatchObject({
      signatures: [{ role: "officer" }],
      refusal: { reason: "当场离开", witness: "丙", witness_sha256: "ww" },
    });
  });
});
