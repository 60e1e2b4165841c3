// Whether a scanned or typed code is this entity's. DOMAIN §2.6 step 2, §7.1 (unified credit code, GB 32100-2015).

/** `other`: it names another entity; `unknown`: it names none that could be compared, as a link without a code does. */
export type Match = "same" | "other" | "unknown";

const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH = 18;

/** Does the last sign follow from the others? Weights are powers of 3 modulo 31. */
export function isCreditCode(text: string): boolean {
  if (text.length !== LENGTH) return false;
  const values = [...text].map((sign) => SIGNS.indexOf(sign));
  if (values.includes(-1)) return false;
  let [sum, weight] = [0, 1];
  for (const value of values.slice(0, -1)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return (31 - (sum % 31)) % 31 === values[LENGTH - 1];
}

/** Every credit code within a text, such as a licence's link has it. */
export function creditCodesIn(text: string): string[] {
  const runs = text.toUpperCase().match(/[0-9A-Z]+/g) ?? [];
  return runs.flatMap((run) => {
    const parts = Array.from({ length: Math.max(0, run.length - LENGTH + 1) }, (_, at) => run.slice(at, at + LENGTH));
    return parts.filter(isCreditCode);
  });
}

/** Compare what was scanned or typed with the registry's code. */
export function compareCode(scanned: string, uscc: string | null): Match {
  const own = uscc?.trim().toUpperCase();
  if (!own || !scanned.trim()) return "unknown";
  if (scanned.toUpperCase().replace(/[\s-]/g, "").includes(own)) return "same";
  return creditCodesIn(scanned).length ? "other" : "unknown";
}
