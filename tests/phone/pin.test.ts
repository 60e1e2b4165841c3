// PINs that are too simple, waits after wrong ones, and when the phone locks by itself.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mayStay } from "../../field_api/phone/rules/absence";
import { openBase64url } from "../../field_api/phone/rules/base64url";
import { isSimple, pinFault, waitLeft } from "../../field_api/phone/rules/pin";

describe("a PIN", () => {
  it.each(["000000", "123456", "654321", "135791", "112112", "123123", "121212", "890123"])(
    "%s is too simple",
    (pin) => {
      expect(pinFault(pin, pin)).toBe("simple");
    },
  );

  it.each(["482913", "198407", "19840712", "730518"])("%s may be taken, birthdays too", (pin) => {
    expect(pinFault(pin, pin)).toBeNull();
  });

  it.each(["", "12345", "1234567890123", "48291x", "４８２９１３"])("%s is no PIN", (pin) => {
    expect(pinFault(pin, pin)).toBe("length");
  });

  it("is asked for twice", () => {
    expect(pinFault("482913", "482914")).toBe("differs");
  });

  it("is simple for few of all six digits", () => {
    const some = Array.from({ length: 10_000 }, (_, at) => String(at * 97 + 13).padStart(6, "0"));
    const share = some.filter(isSimple).length / some.length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.005);
  });
});

describe("waiting", () => {
  it("begins after the third wrong PIN, grows, and ends at half an hour", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((count) => waitLeft({ count, at: 1_000 }, 1_000) / 1_000);
    expect(waits).toEqual([0, 0, 0, 5, 15, 60, 300, 900, 1800, 1800, 1800]);
  });

  it("is never longer than itself, whatever the clock does, and ends in time", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(1e12), fc.nat(1e12), (count, at, now) => {
        const left = waitLeft({ count, at }, now);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(1_800_000);
        expect(waitLeft({ count, at }, at + 1_800_000)).toBe(0);
      }),
    );
  });
});

describe("in the background", () => {
  const minute = 60_000;
  it("the phone may stay open for five minutes, for an hour while something runs", () => {
    expect([0, 4, 5, 9].map((away) => mayStay(0, away * minute, false) / minute)).toEqual([5, 1, 0, 0]);
    expect([9, 59, 60].map((away) => mayStay(0, away * minute, true) / minute)).toEqual([51, 1, 0]);
  });

  it("a clock that was set back does not keep it open for ever", () => {
    expect(mayStay(10 * minute, 0, false)).toBe(5 * minute);
  });
});

it("base64url is read without padding", () => {
  expect([...openBase64url("-_8B")]).toEqual([0xfb, 0xff, 1]);
});
