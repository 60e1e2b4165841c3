// Step 1: whom to visit, what was found last time, and checking in with the phone's position.
import { useState } from "preact/hooks";
import type { Position } from "../net/position";
import { kick } from "../net/queue";
import { atSite } from "../rules/fence";
import { readable, readableDistance } from "../rules/today";
import { checkIn } from "../store/arrivals";
import type { ProblemBody, Task } from "../types";
import { asTold } from "../ui/failures";
import { Icon, Notice, Problem, Text } from "../ui/parts";
import { isKey, t } from "../words";
import { Dock, type Hand } from "./Visit";

export function Arrive({ task, visit, position, go }: Hand) {
  return (
    <>
      <main class="screen">
        <Facts task={task} />
        <LastProblems task={task} />
        {visit.arrivedAt ? (
          <Notice tone="ok" title={t("arrive.done", { time: readable(visit.arrivedAt, new Date()) })} />
        ) : (
          <CheckIn task={task} visitId={visit.id} position={position} done={() => go(1)} />
        )}
      </main>
      {visit.arrivedAt ? <Dock next={{ label: t("next"), go: () => go(1) }} /> : null}
    </>
  );
}

function Facts({ task }: { task: Task }) {
  const { entity, item, checklist, source } = task;
  const from = `source.${source}`;
  return (
    <section class="card">
      <dl class="kv">
        <dt>{t("arrive.address")}</dt>
        <dd>{entity.address}</dd>
        {entity.uscc ? <dt>{t("arrive.uscc")}</dt> : null}
        {entity.uscc ? <dd class="mono">{entity.uscc}</dd> : null}
        {item.name ? <dt>{t("arrive.item")}</dt> : null}
        {item.name ? <dd>{item.name}</dd> : null}
        <dt>{t("arrive.source")}</dt>
        <dd>{isKey(from) ? t(from) : source}</dd>
        <dt>{t("arrive.checklist")}</dt>
        <dd>
          {checklist.code} · {checklist.version}
        </dd>
      </dl>
      {entity.phone ? (
        <a class="button button-wide" href={`tel:${entity.phone}`}>
          <Icon name="phone" />
          {entity.phone}
        </a>
      ) : null}
    </section>
  );
}

function LastProblems({ task: { last_problems } }: { task: Task }) {
  if (!last_problems.length) return null;
  return (
    <Notice tone="warn" title={t("arrive.last_problems")}>
      <ul class="plain">
        {last_problems.map(({ item, text }) => (
          <li key={item}>
            <b>{t("arrive.item_no", { no: item })}</b> {text}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

interface CheckInProps {
  task: Task;
  visitId: string;
  position: Position;
  done: () => void;
}

function CheckIn({ task, visitId, position, done }: CheckInProps) {
  const [reason, setReason] = useState("");
  const [scanned, setScanned] = useState("");
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const seen = seenAt(task, position);
  const fix = position.state === "fix" ? position.fix : null;
  const may = seen === "inside" || reason.trim() !== "";
  const arrive = async () => {
    const told = await checkIn(visitId, task.id, { fix, scanned, reason }).then(() => null, asTold);
    setProblem(told);
    kick();
    if (!told) done();
  };
  return (
    <section class="card">
      <h2>{t("arrive.title")}</h2>
      <Where task={task} position={position} />
      {seen === "inside" ? null : (
        <Text id="reason" label={t("arrive.reason")} hint={t("arrive.reason_hint")} value="" save={setReason} />
      )}
      <Text id="scanned" label={t("arrive.scanned")} value="" save={setScanned} />
      {problem ? <Problem problem={problem} /> : null}
      <button type="button" class="button button-primary button-wide" disabled={!may} onClick={arrive}>
        <Icon name="mapPin" />
        {t("arrive.check_in")}
      </button>
    </section>
  );
}

function seenAt(task: Task, position: Position): "inside" | "outside" | "unknown" {
  const { lon, lat } = task.entity;
  if (position.state !== "fix" || lon === null || lat === null) return "unknown";
  return atSite(position.fix, position.fix.accuracy, { lon, lat }).inside ? "inside" : "outside";
}

/** What the phone knows of where it is, in words. */
function Where({ task: { entity }, position }: { task: Task; position: Position }) {
  if (position.state === "locating") return <p class="muted">{t("arrive.locating")}</p>;
  if (position.state === "none") return <Told tone="warn" title={t("arrive.no_fix")} text={t("arrive.no_fix_text")} />;
  const { lon, lat } = entity;
  if (lon === null || lat === null) return <p class="muted">{t("arrive.no_place_text")}</p>;
  const { fix } = position;
  const { inside, distanceM, vague } = atSite(fix, fix.accuracy, { lon, lat });
  const facts = { distance: readableDistance(distanceM), accuracy: Math.round(fix.accuracy) };
  const text = `${t("arrive.distance", facts)}${vague ? ` ${t("arrive.vague")}` : ""}`;
  return <Told tone={inside ? "ok" : "warn"} title={t(inside ? "arrive.inside" : "arrive.outside")} text={text} />;
}

function Told({ tone, title, text }: { tone: "ok" | "warn"; title: string; text: string }) {
  return (
    <Notice tone={tone} title={title}>
      <p>{text}</p>
    </Notice>
  );
}
