// What is sent next, and what follows from an answer.
import { describe, expect, it } from "vitest";
import {
  backOff,
  keepsPhotos,
  nextLook,
  nextTurn,
  type Piece,
  ready,
  verdict,
} from "../../field_api/phone/rules/queue";

const piece = (kind: Piece["kind"], id: string, changes: Partial<Piece> = {}): Piece => ({
  kind,
  id,
  waiting: true,
  nextAt: 0,
  needs: [],
  ...changes,
});
const ids = (pieces: Piece[], now = 1) => ready(pieces, now).map((one) => one.id);

describe("what is ready", () => {
  it("puts arrivals first, then submissions whose photos have arrived, then photos", () => {
    expect(ids([piece("submission", "s"), piece("photo", "p"), piece("arrival", "a")])).toEqual(["a", "s", "p"]);
  });

  it("goes together where it is small, at most fifty at once, and one by one where it is a photo", () => {
    const photos = [piece("photo", "p"), piece("photo", "q")];
    const small = Array.from({ length: 60 }, (_, at) => piece("arrival", `a${at}`));
    expect(nextTurn([...small, ...photos])).toHaveLength(50);
    expect(nextTurn(photos).map((one) => one.id)).toEqual(["p"]);
    expect(nextTurn([])).toEqual([]);
  });

  it("holds a submission back while one of its photos has not arrived", () => {
    const held = piece("submission", "s", { needs: ["p", "q"] });
    expect(ids([held, piece("photo", "p")])).toEqual(["p"]);
    expect(ids([held])).toEqual(["s"]);
  });

  it("holds a submission back while a photo of it was refused, and sends nothing refused by itself", () => {
    const refused = piece("photo", "p", { waiting: false });
    expect(ids([piece("submission", "s", { needs: ["p"] }), refused])).toEqual([]);
  });

  it("never lets one stuck visit block another", () => {
    const stuck = [piece("submission", "s1", { needs: ["p1"] }), piece("photo", "p1", { nextAt: 1e12 })];
    expect(ids([...stuck, piece("photo", "p2"), piece("submission", "s2", { needs: ["x"] })])).toEqual(["s2", "p2"]);
  });

  it("waits until a piece's time has come, and knows when that is", () => {
    const later = piece("arrival", "a", { nextAt: 500 });
    expect(ids([later], 499)).toEqual([]);
    expect(nextLook([later, piece("photo", "p", { nextAt: 900 })], 499)).toBe(500);
    expect(ids([later], 500)).toEqual(["a"]);
    expect(nextLook([later], 500)).toBeNull();
  });
});

describe("backing off", () => {
  it("doubles from two seconds to five minutes", () => {
    expect([0, 1, 2, 20, 999].map((tries) => backOff(tries, 0))).toEqual([2000, 4000, 8000, 300_000, 300_000]);
  });

  it("spreads phones by up to a fifth", () => {
    expect(backOff(1, 1)).toBe(3200);
  });
});

describe("what follows from an answer", () => {
  const problem = (code: string, status: number) => verdict({ kind: "problem", code, status }).do;

  it("tries again by itself whatever may pass by itself", () => {
    expect(verdict({ kind: "no_answer" }).do).toBe("later");
    expect([500, 502, 503, 429, 408].map((status) => problem("x", status))).toEqual(Array(5).fill("later"));
    expect(problem("stale-token", 401)).toBe("later");
  });

  it("takes the server's own word on whether the same bytes may go through later", () => {
    expect(verdict({ kind: "problem", code: "x", status: 422, again: true }).do).toBe("later");
    expect(verdict({ kind: "problem", code: "x", status: 429, again: false }).do).toBe("ask_person");
  });

  it("sends missing photos again", () => {
    expect(problem("photos-missing", 422)).toBe("resend_photos");
  });

  it("puts a refusal before a person", () => {
    expect(problem("submission-differs", 409)).toBe("ask_person");
    expect(problem("submission-incomplete", 422)).toBe("ask_person");
  });

  it("stops on a phone that was revoked or is unknown", () => {
    expect(problem("device-revoked", 401)).toBe("stop");
    expect(problem("device-unknown", 404)).toBe("stop");
  });
});

it("keeps a photo's bytes until the review is over", () => {
  expect(["submitted", "under_review", "returned"].map(keepsPhotos)).toEqual([true, true, true]);
  expect(["approved", "published", "cancelled", undefined].map(keepsPhotos)).toEqual([false, false, false, false]);
});
