// PINs: which are too simple, and how long one must wait after wrong ones.

const SHORTEST = 6;
const LONGEST = 12;
const SECOND_MS = 1_000;
/** After so many wrong PINs in a row one waits so long; the first three cost nothing, the last wait repeats. */
const WAITS_S = [0, 0, 0, 5, 15, 60, 300, 900, 1800];

export type PinFault = "length" | "simple" | "differs";

/** What is wrong with a PIN that is being chosen, or null. Birthdays are allowed: they are not what is tried first. */
export function pinFault(pin: string, again: string): PinFault | null {
  if (!isPin(pin)) return "length";
  if (isSimple(pin)) return "simple";
  return pin === again ? null : "differs";
}

/** Six to twelve digits. */
export function isPin(pin: string): boolean {
  return new RegExp(`^[0-9]{${SHORTEST},${LONGEST}}$`).test(pin);
}

/** All digits alike or of two kinds, a row (123456, 987654, 135790), or a repeated half (123123). */
export function isSimple(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, at) => (digit - (digits[at] ?? 0) + 10) % 10);
  const half = pin.slice(0, pin.length / 2);
  return new Set(digits).size <= 2 || new Set(steps).size === 1 || half + half === pin;
}

/** Wrong PINs in a row, and when the last of them was given, in milliseconds by the phone's clock. */
export interface Failures {
  count: number;
  at: number;
}

/**
 * How many milliseconds one must still wait before the next PIN is tried. A clock that was set back makes nobody
 * wait longer than the wait itself.
 */
export function waitLeft({ count, at }: Failures, now: number): number {
  const wait = (WAITS_S[Math.min(count, WAITS_S.length - 1)] ?? 0) * SECOND_MS;
  return Math.min(wait, Math.max(0, at + wait - now));
}
