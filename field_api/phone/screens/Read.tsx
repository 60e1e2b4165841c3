// Step 5: the whole record in plain words, to be read out; that it was, and what the entity says to it.
import { answersNeeded, conclude, sitePhotoNeeded, tally } from "../rules/judge";
import { isoLocal, readable } from "../rules/today";
import { readNow } from "../store/signings";
import { change, givenAnswers } from "../store/visits";
import type { CheckItem } from "../types";
import { Icon, Notice, Text, Tick } from "../ui/parts";
import { isKey, said, t } from "../words";
import { Dock, type Hand } from "./Visit";

export function Read(hand: Hand) {
  const { visit, go } = hand;
  return (
    <>
      <main class="screen">
        <Head {...hand} />
        <Failed {...hand} />
        <Whole {...hand} />
        {sitePhotoNeeded(visit.resultCode) ? null : <ReadOut {...hand} />}
      </main>
      <Dock back={() => go(3)} next={{ label: t("next"), go: () => go(5) }} />
    </>
  );
}

/** Who was inspected, when, by whom, and with what outcome. */
function Head({ task, visit, checklist }: Hand) {
  const counts = tally(checklist.items, givenAnswers(visit));
  const name = answersNeeded(visit.resultCode) ? conclude(counts, checklist.conclusion) : "none";
  const stated = `result.${visit.resultCode}`;
  const officers = task.team.map((one) => `${one.name}${one.card_no ? `（${one.card_no}）` : ""}`);
  return (
    <section class="card record">
      <h2>{t("read.title")}</h2>
      <dl class="kv">
        <dt>{t("read.entity")}</dt>
        <dd>{task.entity.name}</dd>
        <dt>{t("arrive.address")}</dt>
        <dd>{task.entity.address}</dd>
        <dt>{t("read.when")}</dt>
        <dd>{readable(visit.arrivedAt ?? visit.startedAt, new Date())}</dd>
        <dt>{t("read.officers")}</dt>
        <dd>{officers.join("、")}</dd>
        <dt>{t("finding.title")}</dt>
        <dd>
          <b>{t(`finding.${name}`)}</b>
        </dd>
        {isKey(stated) ? <dt>{t("finding.result")}</dt> : null}
        {isKey(stated) ? <dd>{t(stated)}</dd> : null}
      </dl>
    </section>
  );
}

/** What has to be said first: what does not conform, with the remark in full. */
function Failed({ checklist, visit, photos }: Hand) {
  const failed = checklist.items.filter(({ no }) => visit.answers[no]?.value === "no");
  if (!failed.length) return null;
  return (
    <section class="card record">
      <h2>{t("finding.failed")}</h2>
      <ol class="plain">
        {failed.map((item) => (
          <li key={item.no}>
            <Line item={item} />
            <p class="muted">{visit.answers[item.no]?.remark}</p>
            <Count photos={photos.filter((photo) => photo.item === item.no).length} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Line({ item }: { item: CheckItem }) {
  return (
    <span>
      <b class="num">
        {item.key ? <span class="star">★</span> : null}
        {item.no}
      </b>{" "}
      {said(item.text)}
    </span>
  );
}

function Count({ photos }: { photos: number }) {
  if (!photos) return null;
  return (
    <p class="muted small">
      <Icon name="image" /> {t("read.photos", { count: photos })}
    </p>
  );
}

/** Every item with its answer, section by section. */
function Whole({ checklist, visit }: Hand) {
  return (
    <section class="card record">
      <h2>{t("read.all")}</h2>
      {checklist.sections.map(({ code, title }) => (
        <details key={code}>
          <summary>
            <b>{code}</b> {said(title)}
          </summary>
          <ol class="plain answers">
            {checklist.items
              .filter((item) => item.section === code)
              .map((item) => (
                <li key={item.no} data-value={visit.answers[item.no]?.value ?? ""}>
                  <Line item={item} />
                  <b>{t(`value.${visit.answers[item.no]?.value ?? "open"}`)}</b>
                </li>
              ))}
          </ol>
        </details>
      ))}
    </section>
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
