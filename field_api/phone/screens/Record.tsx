// A record in plain words: who, when, by whom, with what outcome; what does not conform; every item with its answer.
import { Fragment } from "preact";
import { answersNeeded, conclude, tally } from "../rules/judge";
import { answeredIn, isPicture } from "../rules/questions";
import { dated } from "../rules/today";
import { givenAnswers } from "../store/visits";
import type { CheckItem } from "../types";
import { Icon } from "../ui/parts";
import { inRow, isKey, said, t } from "../words";
import type { Whole } from "./faults";
import { answerWords, numbered } from "./speak";

export function Record(whole: Whole) {
  return (
    <>
      <Head {...whole} />
      <Failed {...whole} />
      <Further {...whole} />
      <Items {...whole} />
    </>
  );
}

/** Who was inspected, when, by whom, and with what outcome. */
function Head({ task, visit, checklist }: Whole) {
  const counts = tally(checklist.items, givenAnswers(visit));
  const name = answersNeeded(visit.resultCode) ? conclude(counts, checklist.conclusion) : "none";
  const stated = `result.${visit.resultCode}`;
  const officers = task.team.map(({ name, card_no }) =>
    card_no ? t("read.officer", { name, number: card_no }) : name,
  );
  return (
    <section class="card record">
      <h2>{t("read.title")}</h2>
      <dl class="kv">
        <dt>{t("read.entity")}</dt>
        <dd>{task.entity.name}</dd>
        <dt>{t("arrive.address")}</dt>
        <dd>{task.entity.address}</dd>
        <dt>{t("read.when")}</dt>
        <dd>{dated(visit.arrivedAt ?? visit.startedAt)}</dd>
        <dt>{t("read.officers")}</dt>
        <dd>{inRow(officers)}</dd>
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
function Failed({ checklist, visit, photos }: Whole) {
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

/** What was noted beside the items, as it will be sent. */
function Further(whole: Whole) {
  const answered = answeredIn(whole.form?.visible() ?? []);
  if (!answered.length) return null;
  return (
    <section class="card record">
      <h2>{t("read.further")}</h2>
      <dl class="kv kv-long further">
        {answered.map((shown) => (
          <Fragment key={shown.path}>
            <dt>{numbered(whole, shown)}</dt>
            <dd>{isPicture(shown.node.kind) ? <Count photos={1} /> : answerWords(whole, shown)}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

/** Every item with its answer, section by section. */
function Items({ checklist, visit }: Whole) {
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
