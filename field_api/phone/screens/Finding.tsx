// Step 4: the conclusion as it follows from the answers, what is missing, and what the team states itself.
import { answersNeeded, conclude, STATED, sitePhotoNeeded, tally } from "../rules/judge";
import { change, givenAnswers } from "../store/visits";
import { said, t } from "../words";
import { Faults } from "./Faults";
import { faultsOfRecord } from "./faults";
import { Photos } from "./Photos";
import { Dock, type Hand } from "./Visit";

export function Finding(hand: Hand) {
  const { visit, go } = hand;
  return (
    <>
      <main class="screen">
        <Conclusion {...hand} />
        <Faults faults={faultsOfRecord(hand)} visit={visit} go={go} />
        <Failed {...hand} />
        <Stated {...hand} />
      </main>
      <Dock back={() => go(2)} next={{ label: t("next"), go: () => go(4) }} />
    </>
  );
}

const TONES = { conform: "ok", basically_conform: "warn", non_conform: "error", none: "" } as const;

/** The conclusion in large letters, with the figures it comes from. */
function Conclusion({ checklist, visit }: Hand) {
  const counts = tally(checklist.items, givenAnswers(visit));
  const held = answersNeeded(visit.resultCode);
  const name = held ? conclude(counts, checklist.conclusion) : "none";
  return (
    <section class="card conclusion" data-tone={TONES[name]}>
      <h2>{t("finding.title")}</h2>
      <p class="verdict">{t(`finding.${name}`)}</p>
      <div class="stats">
        <Figure value={counts.yes} label={t("finding.yes")} />
        <Figure value={counts.keyFailed + counts.generalFailed} label={t("finding.no")} />
        <Figure value={counts.keyFailed} label={t("finding.key_no")} />
        <Figure value={counts.na} label={t("finding.na")} />
      </div>
      {held && counts.open ? <p class="muted small">{t("finding.preliminary")}</p> : null}
    </section>
  );
}

function Figure({ value, label }: { value: number; label: string }) {
  return (
    <div class="stat">
      <b>{value}</b>
      <span>{label}</span>
    </div>
  );
}

function Failed({ checklist, visit }: Hand) {
  const failed = checklist.items.filter(({ no }) => visit.answers[no]?.value === "no");
  if (!failed.length) return null;
  return (
    <section class="card">
      <h3>{t("finding.failed")}</h3>
      <ul class="plain">
        {failed.map((item) => (
          <li key={item.no}>
            <b class="num">
              {item.key ? <span class="star">★</span> : null}
              {item.no}
            </b>{" "}
            {said(item.text)}
            {visit.answers[item.no]?.remark ? <p class="muted small">{visit.answers[item.no]?.remark}</p> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A result the team states itself, where the list does not see it; and a photo of the site. */
function Stated({ visit, photos }: Hand) {
  const needed = sitePhotoNeeded(visit.resultCode);
  const choose = (code: string) => void change(visit.id, { resultCode: code || null });
  return (
    <section class="card">
      <div class="field">
        <label for="result">{t("finding.result")}</label>
        <p class="field-hint">{t("finding.result_hint")}</p>
        <select id="result" value={visit.resultCode ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t("finding.result_none")}</option>
          {STATED.map((code) => (
            <option key={code} value={code}>
              {code} {t(`result.${code}`)}
            </option>
          ))}
        </select>
      </div>
      <Photos
        visit={visit}
        item={null}
        photos={photos.filter((photo) => photo.item === null && !photo.purpose)}
        hint={t("check.photo_site")}
        needed={needed}
      />
    </section>
  );
}
