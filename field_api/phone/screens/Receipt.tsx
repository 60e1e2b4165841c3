// After submitting: what waits, the receipt once it came, or why the server did not accept the record.
import { useEffect, useState } from "preact/hooks";
import { kick } from "../net/queue";
import { takeBack } from "../net/tasks";
import { answersNeeded, conclude, tally } from "../rules/judge";
import { receiptLink } from "../rules/receiptLink";
import { dated } from "../rules/today";
import type { Photo, Visit } from "../store/db";
import { givenAnswers, putAside } from "../store/visits";
import type { ProblemBody, Receipt, Task } from "../types";
import { asTold } from "../ui/failures";
import { Icon, Notice, Problem, State } from "../ui/parts";
import { QrCode } from "../ui/QrCode";
import { isKey, t } from "../words";
import type { Whole } from "./faults";
import { History } from "./History";
import { Thumb } from "./Photos";

/** No correction helps: another record came first. */
const CLOSED = "task-closed";

export function ReceiptScreen({ task, visit, checklist, photos }: Whole) {
  const counts = tally(checklist.items, givenAnswers(visit));
  const name = answersNeeded(visit.resultCode) ? conclude(counts, checklist.conclusion) : "none";
  const stated = `result.${visit.resultCode}`;
  return (
    <main class="screen">
      <Status visit={visit} photos={photos} />
      <section class="card">
        <dl class="kv">
          <dt>{t("receipt.result")}</dt>
          <dd>
            <b>{t(`finding.${name}`)}</b>
          </dd>
          {isKey(stated) ? <dt>{t("finding.result")}</dt> : null}
          {isKey(stated) ? <dd>{t(stated)}</dd> : null}
          <dt>{t("receipt.state")}</dt>
          <dd>
            <State state={stateOf(visit, task)} />
          </dd>
        </dl>
        {photos.length ? (
          <div class="photo-row">
            {photos.map((photo) => (
              <Thumb key={photo.id} photo={photo} alt={altOf(photo)} />
            ))}
          </div>
        ) : null}
      </section>
      {visit.receipt ? <Received receipt={visit.receipt} visit={visit} /> : null}
      <History task={task} but={visit.id} />
      <a class="button button-wide" href="#/">
        {t("receipt.home")}
      </a>
    </main>
  );
}

function altOf({ item, purpose }: Photo): string {
  if (purpose) return t(`purpose.${purpose}`);
  return item === null ? t("check.photo_site") : t("check.photo_of", { no: item });
}

function stateOf(visit: Visit, task: Task): string {
  if (visit.state === "sealed") return "waiting";
  if (visit.state === "refused") return "refused";
  return ["assigned", "on_site", "returned"].includes(task.state) ? "submitted" : task.state;
}

function Status({ visit, photos }: { visit: Visit; photos: readonly Photo[] }) {
  if (visit.state === "received") {
    return (
      <Notice tone="ok" title={t("receipt.received")}>
        <p>{t("receipt.keep")}</p>
      </Notice>
    );
  }
  if (visit.state === "refused" || visit.state === "aside") return <Refused visit={visit} />;
  const left = photos.filter((photo) => photo.state !== "sent").length;
  return (
    <Notice tone="info" title={t("receipt.sealed")}>
      <p>{t("receipt.sealed_text", { photos: left })}</p>
      {visit.problem ? <Problem problem={visit.problem} /> : null}
    </Notice>
  );
}

function Refused({ visit }: { visit: Visit }) {
  const late = visit.problem?.code === CLOSED;
  const [failure, setFailure] = useState<ProblemBody | null>(null);
  const mend = () =>
    (late ? putAside(visit.id) : takeBack(visit).then(kick)).catch((error) => setFailure(asTold(error)));
  return (
    <>
      <Notice tone="error" title={t("receipt.refused")} />
      {visit.problem ? <Problem problem={visit.problem} /> : null}
      {failure ? <Problem problem={failure} /> : null}
      {visit.state === "aside" ? null : (
        <button type="button" class="button button-primary button-wide" onClick={() => void mend()}>
          {t(late ? "receipt.put_aside" : "receipt.reopen")}
        </button>
      )}
    </>
  );
}

function Received({ receipt, visit }: { receipt: Receipt; visit: Visit }) {
  return (
    <section class="card">
      <h2>{t("receipt.title")}</h2>
      <Checked receipt={receipt} visit={visit} />
      <ToShow receipt={receipt} />
      <dl class="kv receipt">
        <dt>{t("receipt.at")}</dt>
        <dd class="num">{dated(receipt.received_at)}</dd>
        <dt>{t("receipt.submission")}</dt>
        <dd class="mono">{receipt.submission}</dd>
        <dt>{t("receipt.hash")}</dt>
        <dd class="mono">{receipt.manifest_sha256}</dd>
        <dt>{t("receipt.key")}</dt>
        <dd class="mono">{receipt.key}</dd>
        <dt>{t("receipt.signature")}</dt>
        <dd class="mono">{receipt.signature}</dd>
      </dl>
    </section>
  );
}

/** What the inspected party scans, or follows, to check the receipt for themselves. */
function ToShow({ receipt }: { receipt: Receipt }) {
  const link = receiptLink(receipt, location.origin);
  return (
    <>
      <QrCode text={link} label={t("receipt.qr")} />
      <p class="muted small">{t("receipt.qr_text")}</p>
      <a href={link} target="_blank" rel="noreferrer">
        {t("receipt.check")}
      </a>
    </>
  );
}

/** What the phone's own check of the receipt says; the check is loaded only here. */
function Checked({ receipt, visit: { id, taskId } }: { receipt: Receipt; visit: Visit }) {
  const [holds, setHolds] = useState<boolean | null>(null);
  useEffect(() => {
    const check = async () =>
      (await import("../rules/receipt")).receiptHolds(receipt, { submission: id, task: taskId });
    check().then(setHolds, () => setHolds(null)); // not loaded: nothing is claimed
  }, [receipt, id, taskId]);
  if (holds === null) return null;
  if (holds) return <Notice tone="ok" title={t("receipt.holds")} />;
  return (
    <Notice tone="error" title={t("receipt.broken")}>
      <p>{t("receipt.broken_text")}</p>
    </Notice>
  );
}

/** A colleague's phone submitted this visit. */
export function OtherPhone({ task }: { task: Task }) {
  return (
    <main class="screen">
      <Notice title={t("receipt.other_phone")}>
        <p>{t("receipt.other_phone_text")}</p>
        <State state={task.state} />
      </Notice>
      <a class="button button-wide" href="#/">
        <Icon name="arrowLeft" />
        {t("receipt.home")}
      </a>
    </main>
  );
}
