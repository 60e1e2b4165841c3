// When the phone locks by itself.

const MINUTE_MS = 60_000;
/** In the background for so long: whoever takes the phone up then has to give the PIN. */
const AWAY_MS = 5 * MINUTE_MS;
/** While the camera's own app is open, or sound is recorded: what comes back must find the visit where it was. */
const BUSY_MS = 60 * MINUTE_MS;

/** How long (ms) the app may yet lie in the background, when it went there at `since`; 0: it locks now. */
export function mayStay(since: number, now: number, busy: boolean): number {
  const limit = busy ? BUSY_MS : AWAY_MS;
  return now < since ? limit : Math.max(0, since + limit - now); // a clock that was set back starts anew
}
