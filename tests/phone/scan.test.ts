// Scanned codes: this entity's, another's, or none that could be compared (DOMAIN §2.6 step 2, §7.1).
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCode, creditCodesIn, isCreditCode } from "../../field_api/phone/rules/scan";

const OWN = "91350100M000100Y43"; // the example of GB 32100-2015
const OTHER = "92610722MXND7NF273";

describe("a unified credit code", () => {
  it("is told by its last sign", () => {
    expect([OWN, OTHER].map(isCreditCode)).toEqual([true, true]);
    expect(isCreditCode("91350100M000100Y44")).toBe(false);
    expect(isCreditCode("91350100M000100Y4")).toBe(false);
    expect(isCreditCode("91350100I000100Y43")).toBe(false); // I, O, S, V, Z are no signs of it
  });

  it("changed in one place is none", () => {
    fc.assert(
      fc.property(fc.nat(17), fc.constantFrom(..."0123456789ABCDEFGHJKLMNPQRTUWXY"), (at, sign) => {
        fc.pre(OWN[at] !== sign);
        expect(isCreditCode(OWN.slice(0, at) + sign + OWN.slice(at + 1))).toBe(false);
      }),
    );
  });

  it("is found within a licence's link", () => {
    expect(creditCodesIn(`https://example.org/q?c=${OTHER}&v=2`)).toEqual([OTHER]);
    expect(creditCodesIn("https://example.org/q?id=7f3a")).toEqual([]);
  });
});

describe("a scanned code", () => {
  it.each([
    [OWN, "same"],
    [` ${OWN.toLowerCase()} `, "same"],
    ["91350100-M000100Y-43", "same"],
    [`https://example.org/q?c=${OWN}`, "same"],
    [OTHER, "other"],
    [`https://example.org/q?c=${OTHER}`, "other"],
    ["https://example.org/q?id=7f3a", "unknown"],
    ["JY26107220012345", "unknown"],
    ["", "unknown"],
  ])("%s: %s", (scanned, match) => {
    expect(compareCode(scanned, OWN)).toBe(match);
  });

  it("cannot be compared where the registry has none", () => {
    expect(compareCode(OTHER, null)).toBe("unknown");
  });
});
