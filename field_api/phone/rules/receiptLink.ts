// The link that a receipt's QR code holds: whoever opens it sees on the public site whether the receipt is genuine.
import type { Receipt } from "../types";

/** The address of the public check, with the receipt's members in short (backend/inspections/receipts.py reads them). */
export function receiptLink(receipt: Receipt, site: string): string {
  const told = new URLSearchParams({
    id: receipt.submission,
    t: receipt.task,
    m: short(receipt.manifest_sha256),
    at: receipt.received_at,
    s: short(receipt.signature),
  });
  return `${site}/receipt?${told}`;
}

/** Hex as base64url without padding: a third shorter, so that the code stays coarse. */
function short(hex: string): string {
  const bytes = hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
