// Another version of the checklist judges this visit: what has changed, with a way to each, until it was looked over.
import { type Change, changesBetween } from "../rules/revised";
import { db } from "../store/db";
import { lookedOver } from "../store/revised";
import { Notice } from "../ui/parts";
import { useLive } from "../ui/useLive";
import { language, said, t } from "../words";
import type { Hand } from "./Visit";

export function Revised({ visit, checklist, form, go }: Hand) {
  const { id, before, checklistId } = visit;
  const changes = useLive(() => changesOf(before?.checklistId, checklistId), [before?.checklistId, checklistId]);
  if (!before || before.seen || !changes) return null;
  return (
    <Notice tone="warn" title={t("revised.title", { version: checklist.version })}>
      <p>{t(changes.length ? "revised.text" : "revised.same")}</p>
      <ul class="plain remarks">
        {changes.map((change) => (
          <li key={`${change.kind} ${change.focus} ${said(change.label)}`}>
            <Told change={change} words={form?.say(change.label, language()) ?? said(change.label)} go={go} />
          </li>
        ))}
      </ul>
      <button type="button" class="button button-wide" onClick={() => void lookedOver(id)}>
        {t("revised.seen")}
      </button>
    </Notice>
  );
}

/** Null without both versions: a draft from another phone may have begun with one that this phone never had. */
async function changesOf(before: string | undefined, now: string): Promise<Change[] | null> {
  const [older, newer] = await db.checklists.bulkGet([before ?? "", now]);
  return older && newer ? changesBetween(older, newer) : null;
}

interface ToldProps {
  change: Change;
  words: string;
  go: Hand["go"];
}

/** What is still asked can be gone to. */
function Told({ change: { kind, focus, no }, words, go }: ToldProps) {
  const whole = no === null ? words : `${t("arrive.item_no", { no })} ${words}`;
  return (
    <>
      <b>{t(`revised.${kind}`)}</b> {focus === null ? whole : null}
      {focus === null ? null : (
        <button type="button" class="button button-wide" onClick={() => go(2, focus)}>
          {whole}
        </button>
      )}
    </>
  );
}
