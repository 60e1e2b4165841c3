// What crosses the phone's border: submissions, upload metadata, routes, problems.
import { describe, expect, it, vi } from "vitest";
import { asProblem } from "../../field_api/phone/net/api";
import { metadata } from "../../field_api/phone/net/uploads";
import { routeOf } from "../../field_api/phone/route";
import type { Photo, Visit } from "../../field_api/phone/store/db";
import { submission } from "../../field_api/phone/store/seal";
import { isReturned, returnedBy } from "../../field_api/phone/store/visits";
import type { Officer, Task } from "../../field_api/phone/types";
import { aTask } from "./makers";

vi.stubGlobal("__VERSION__", "0.1.0");

const AT = "2026-11-23T09:20:00+08:00";
const team: Officer[] = ["陈明", "李婉秋"].map((name, at) => {
  return { inspector_id: String(at + 1), name, card_no: null, leader: at === 0, me: at === 0 };
});
const visit = {
  taskId: "t",
  checklistId: "c",
  startedAt: "2026-11-23T09:00:00+08:00",
  arrivedAt: null,
  sealedAt: "2026-11-23T09:40:00+08:00",
  answers: { 10: { value: "no", remark: " 鼠迹 " }, 2: { value: "yes", remark: "" }, 3: { value: null, remark: "…" } },
  resultCode: null,
  comment: " 无异议 ",
  entitySigner: " 王建国 ",
  refused: false,
  refusalReason: "",
  witness: "",
} as unknown as Visit;
const photo = {
  id: "p",
  taskId: "t",
  item: 10,
  name: "IMG_1.jpg",
  type: "image/jpeg",
  size: 3,
  sha256: "ab",
  takenAt: "2026-11-23T09:30:00+08:00",
  fix: { lon: 107, lat: 33, accuracy: 12, at: "2026-11-23T09:30:00+08:00" },
  clockOffsetMs: -40,
  seq: 1,
} as Photo;

describe("a submission", () => {
  it("lists given answers by number, without what was left open", () => {
    expect(submission(visit, [], team, 7)).toMatchObject({
      clock_offset_ms: 7,
      started_at: visit.startedAt,
      answers: [
        { item: 2, value: "yes", remark: "" },
        { item: 10, value: "no", remark: "鼠迹" },
      ],
      comment: "无异议",
      refusal: null,
    });
  });

  it("names a photo by its hash, with where and when it was taken", () => {
    const named = { id: "p", item: 10, sha256: "ab", size: 3, lon: 107, lat: 33, accuracy: 12, seq: 1 };
    expect(submission(visit, [photo], team, 0)).toMatchObject({ photos: [named] });
    expect(submission(visit, [{ ...photo, fix: null }], team, 0)).toMatchObject({
      photos: [{ lon: null, accuracy: null }],
    });
  });

  it("tells of the steps on site when they were taken, and of what it corrects", () => {
    const recusal = { asked: false, ground: " ", decision: "" };
    const steps = { cardsShownAt: AT, rightsToldAt: AT, readBack: { at: AT, of: "…" }, recusal, replaces: "v1" };
    expect(submission({ ...visit, ...steps }, [], team, 0)).toMatchObject({
      cards_shown_at: AT,
      rights_told_at: AT,
      read_back_at: AT,
      recusal: { asked: false, ground: "", decision: "" },
      replaces: "v1",
    });
    expect(submission(visit, [], team, 0)).toMatchObject({ cards_shown_at: null, recusal: null, replaces: null });
  });
});

it("gives tus only texts, and an empty item for a photo of the site", () => {
  const told = metadata({ ...photo, item: null });
  expect(Object.values(told).every((value) => typeof value === "string")).toBe(true);
  expect(told).toMatchObject({ evidence_id: "p", item: "", accuracy: "12", clock_offset_ms: "-40", sha256: "ab" });
  expect(metadata({ ...photo, fix: null })).not.toHaveProperty("lon");
  expect(metadata(photo)).not.toHaveProperty("purpose");
  expect(metadata({ ...photo, purpose: "signature" })).toMatchObject({ purpose: "signature" });
});

describe("a returned record", () => {
  const at = "2026-11-23T12:00:00+08:00";
  const task = aTask({ id: "t", state: "returned", returned: { remark: "补拍", at } }) as Task;
  const received = (moment: string) => ({ state: "received", receipt: { received_at: moment } }) as Visit;

  it("waits for its correction until a newer version was received", () => {
    expect(isReturned(task, undefined)).toBe(true);
    expect(isReturned(task, received("2026-11-23T10:00:00+08:00"))).toBe(true);
    expect(isReturned(task, received("2026-11-23T12:30:00+08:00"))).toBe(false);
  });

  it("tells its correction which version it replaces, and what was said of each item", () => {
    const items = [{ item: 3, remark: "照片看不清标签" }];
    const told = { remark: "", at, items, submission: "v1" };
    expect(returnedBy({ ...task, returned: told })).toEqual({ replaces: "v1", remarks: { 3: "照片看不清标签" } });
    expect(returnedBy({ ...task, returned: null })).toEqual({ replaces: null, remarks: {} });
  });

  it("is no longer waiting while its correction is in the making", () => {
    expect(isReturned(task, { state: "draft" } as Visit)).toBe(false);
  });
});

describe("addresses", () => {
  it("carry the enrolment code as the QR link has it", () => {
    expect(routeOf("#enrol=a%2Bb_c")).toEqual({ screen: "enrol", code: "a+b_c" });
    expect(routeOf("#enrol=%E0%A4%A")).toEqual({ screen: "enrol", code: "%E0%A4%A" });
  });

  it("lead to today when they say nothing known", () => {
    for (const odd of ["", "#/", "#/nowhere", "#/visit/"]) expect(routeOf(odd)).toEqual({ screen: "today" });
    expect(routeOf("#/visit/t1")).toEqual({ screen: "visit", taskId: "t1" });
  });
});

it("makes a problem in both languages of an answer that is none", () => {
  const problem = asProblem("<html>", { status: 502, statusText: "Bad Gateway" });
  expect(problem).toMatchObject({ code: "http-502", status: 502 });
  expect([problem.zh.title, problem.en.title].every(Boolean)).toBe(true);
});
