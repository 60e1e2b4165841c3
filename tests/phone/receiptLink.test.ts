// The link in a receipt's QR code carries the whole receipt, and its picture every dot.
import encodeQR from "qr";
import { describe, expect, it } from "vitest";
import { receiptLink } from "../../field_api/phone/rules/receiptLink";
import { pathOf } from "../../field_api/phone/ui/QrCode";

const receipt = {
  submission: "0193a1f0-0000-7000-8000-000000000001",
  task: "0193a1f0-0000-7000-8000-000000000002",
  manifest_sha256: "a06f7650ed942c53e5aca434d98a10d6377e9a15b15dfa8090d196f5c40f0828",
  received_at: "2026-11-23T06:00:00Z",
  key: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8",
  signature: "c0198a206407ca33".repeat(8),
};

describe("the link of a receipt", () => {
  const link = new URL(receiptLink(receipt, "https://city.example"));

  it("opens the public check with all that is signed, as the server reads it", () => {
    expect(link.origin + link.pathname).toBe("https://city.example/receipt");
    expect(link.searchParams.get("id")).toBe(receipt.submission);
    expect(link.searchParams.get("at")).toBe(receipt.received_at);
    for (const [name, hex] of [
      ["m", receipt.manifest_sha256],
      ["s", receipt.signature],
    ] as const) {
      expect(Buffer.from(link.searchParams.get(name) ?? "", "base64url").toString("hex")).toBe(hex);
    }
  });

  it("is a code of at most 65 dots a side, every dark one drawn", () => {
    const dots = encodeQR(link.href, "raw", { ecc: "low", border: 4 });
    expect(dots.length).toBeLessThanOrEqual(61 + 8);
    const dark = dots.flat().filter(Boolean).length;
    const drawn = [...pathOf(dots).matchAll(/h(\d+)v1/g)].reduce((sum, [, length]) => sum + Number(length), 0);
    expect(drawn).toBe(dark);
  });
});
