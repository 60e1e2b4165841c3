// A receipt is believed only when it is whole, signed, and about this very visit.
import { describe, expect, it } from "vitest";
import { receiptHolds } from "../../field_api/phone/rules/receipt";

/** Made by the server's own sign_receipt (media/seal.py) with the key of bytes 0 to 31. */
const receipt = {
  submission: "0193a1f0-0000-7000-8000-000000000001",
  task: "0193a1f0-0000-7000-8000-000000000002",
  manifest_sha256: "a06f7650ed942c53e5aca434d98a10d6377e9a15b15dfa8090d196f5c40f0828",
  received_at: "2026-11-23T06:00:00Z",
  key: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
  signature:
    "c0198a206407ca33b76b869549be2facbe33a6f5589c73cc70affdfb5e51c7a99552769af90ee6214534541f93225896a2b2e1ee2a214340c7ac403ae501550d",
};
const expected = { submission: receipt.submission, task: receipt.task };

describe("a receipt", () => {
  it("holds when the server signed it for this visit", () => {
    expect(receiptHolds(receipt, expected)).toBe(true);
  });

  it.each(Object.keys(receipt))("does not hold once its %s was changed", (name) => {
    const changed = { ...receipt, [name]: `${receipt[name as keyof typeof receipt].slice(0, -2)}5e` };
    expect(receiptHolds(changed, { submission: changed.submission, task: changed.task })).toBe(false);
  });

  it("does not hold for another visit", () => {
    expect(receiptHolds(receipt, { ...expected, submission: "another" })).toBe(false);
    expect(receiptHolds(receipt, { ...expected, task: "another" })).toBe(false);
  });

  it("does not hold, and throws nothing, when it cannot be read", () => {
    expect(receiptHolds({ ...receipt, key: "", signature: "no hex" }, expected)).toBe(false);
  });
});
