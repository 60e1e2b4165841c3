// What a visit still lacks, each a way to where it can be mended.
import type { Fault } from "../rules/judge";
import type { Visit } from "../store/db";
import { Icon } from "../ui/parts";
import { t } from "../words";
import { focusOf, stepOf, tell } from "./faults";
import type { Hand } from "./Visit";

const SHOWN = 8;

export function Faults({ faults, visit, go }: { faults: readonly Fault[]; visit: Visit; go: Hand["go"] }) {
  if (!faults.length) return null;
  return (
    <section class="notice notice-warn">
      <strong>{t("finding.todo", { count: faults.length })}</strong>
      <ul class="faults">
        {faults.slice(0, SHOWN).map((fault) => (
          <li key={`${fault.code}${focusOf(fault) ?? tell(fault, null)}`}>
            <button type="button" onClick={() => go(stepOf(fault), focusOf(fault))}>
              {tell(fault, visit.resultCode)}
              <Icon name="chevronRight" />
            </button>
          </li>
        ))}
      </ul>
      {faults.length > SHOWN ? <p class="muted">{t("finding.more", { count: faults.length - SHOWN })}</p> : null}
    </section>
  );
}
