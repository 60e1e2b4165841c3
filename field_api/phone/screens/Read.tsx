// Step 5: the whole record in plain words, to be read out; that it was, and what the entity says to it.
import { sitePhotoNeeded } from "../rules/judge";
import { isoLocal } from "../rules/today";
import { readNow } from "../store/signings";
import { change } from "../store/visits";
import { Notice, Text, Tick } from "../ui/parts";
import { t } from "../words";
import { Record } from "./Record";
import { Dock, type Hand } from "./Visit";

export function Read(hand: Hand) {
  const { visit, go } = hand;
  return (
    <>
      <main class="screen">
        <Record {...hand} />
        {sitePhotoNeeded(visit.resultCode) ? null : <ReadOut {...hand} />}
      </main>
      <Dock back={() => go(3)} next={{ label: t("next"), go: () => go(5) }} />
    </>
  );
}

/** That it was read out, of this very record; what they say to it. */
function ReadOut({ visit, photos }: Hand) {
  const now = readNow(visit, photos);
  const stands = visit.readBack?.of === now;
  const tick = (on: boolean) => void change(visit.id, { readBack: on ? { at: isoLocal(new Date()), of: now } : null });
  return (
    <section class="card stack">
      <h2>{t("read.out")}</h2>
      <p class="muted">{t("read.out_text")}</p>
      {visit.readBack && !stands ? <Notice tone="warn" title={t("read.changed")} /> : null}
      <Tick id="read-back" label={t("read.done")} on={stands} set={tick} />
      <Text
        id="comment"
        label={t("finding.comment")}
        hint={t("finding.comment_hint")}
        long
        value={visit.comment}
        save={(comment) => void change(visit.id, { comment })}
      />
    </section>
  );
}
