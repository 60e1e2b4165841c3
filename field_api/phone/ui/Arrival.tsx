// When the team will be at a stop, in words: the estimate, how it differs from the plan, and how far to trust it.
import type { Estimate } from "../rules/estimate";
import { timeOfDay } from "../rules/today";
import { t } from "../words";

/** Less than this is no news. */
const WORTH_SAYING_S = 5 * 60;

export function Arrival({ estimate, degraded }: { estimate: Estimate; degraded: boolean }) {
  const { arrive, shift, rough, tooLate } = estimate;
  return (
    <span class="eta small">
      <span class="num">{t("eta.arrive", { time: timeOfDay(arrive) })}</span>
      {Math.abs(shift) >= WORTH_SAYING_S ? (
        <span class={shift > 0 ? "eta-late" : ""}>
          {t(shift > 0 ? "eta.later" : "eta.earlier", { minutes: Math.round(Math.abs(shift) / 60) })}
        </span>
      ) : null}
      {tooLate ? <span class="eta-late">{t("eta.too_late")}</span> : null}
      {rough || degraded ? <span class="rough">{t("today.rough")}</span> : null}
    </span>
  );
}
