// Step 1: whom to visit, what was found last time, and checking in with the phone's position and the entity's code.
import { useState } from "preact/hooks";
import type { Position } from "../net/position";
import { kick } from "../net/queue";
import { atSite } from "../rules/fence";
import { compareCode } from "../rules/scan";
import { readable, readableDistance } from "../rules/today";
import { checkIn } from "../store/arrivals";
import type { Visit } from "../store/db";
import { noteArriving } from "../store/visits";
import type { Checklist, ProblemBody, Task } from "../types";
import { asTold } from "../ui/failures";
import { hasCamera } from "../ui/media";
import { Icon, Notice, Problem, Text } from "../ui/parts";
import { Scanner } from "../ui/Scanner";
import { isKey, said, t } from "../words";
import { Recorder } from "./Recorder";
import { Dock, type Hand } from "./Visit";

/** The server takes no longer code. */
const MOST_SIGNS = 500;

export function Arrive({ task, visit, checklist, photos, position, go }: Hand) {
  return (
    <>
      <main class="screen">
        <Facts task={task} checklist={checklist} />
        <LastProblems task={task} />
        {visit.arrivedAt ? (
          <Notice tone="ok" title={t("arrive.done", { time: readable(visit.arrivedAt, new Date()) })} />
        ) : (
          <CheckIn task={task} visit={visit} position={position} done={() => go(1)} />
        )}
        <Recorder visit={visit} photos={photos} />
      </main>
      {visit.arrivedAt ? <Dock next={{ label: t("next"), go: () => go(1) }} /> : null}
    </>
  );
}

function Facts({ task, checklist }: { task: Task; checklist: Checklist }) {
  const { entity, item, source } = task;
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
          {said(checklist.title)} · {t("arrive.version", { version: checklist.version })}
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
  visit: Visit;
  position: Position;
  done: () => void;
}

const NOTHING = { scanned: "", reason: "" };

function CheckIn({ task, visit, position, done }: CheckInProps) {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const { scanned, reason } = visit.arriving ?? NOTHING;
  const fix = position.state === "fix" ? position.fix : null;
  const explain = seenAt(task, position) !== "inside" || compareCode(scanned, task.entity.uscc) === "other";
  const note = (changes: Partial<typeof NOTHING>) => void noteArriving(visit.id, changes);
  const arrive = async () => {
    const told = await checkIn(visit.id, task.id, { fix, scanned, reason }).then(() => null, asTold);
    setProblem(told);
    kick();
    if (!told) done();
  };
  return (
    <section class="card stack">
      <h2>{t("arrive.title")}</h2>
      <Where task={task} position={position} />
      <Code task={task} scanned={scanned} note={(text) => note({ scanned: text })} />
      {explain ? (
        <Text
          id="reason"
          label={t("arrive.reason")}
          hint={t("arrive.reason_hint")}
          value={reason}
          save={(text) => note({ reason: text })}
        />
      ) : null}
      {problem ? <Problem problem={problem} /> : null}
      <button
        type="button"
        class="button button-primary button-wide"
        disabled={explain && reason.trim() === ""}
        onClick={arrive}
      >
        <Icon name="mapPin" />
        {t("arrive.check_in")}
      </button>
    </section>
  );
}

interface CodeProps {
  task: Task;
  scanned: string;
  note: (text: string) => void;
}

const TOLD = { same: "ok", other: "warn", unknown: "info" } as const;

/** The entity's code, scanned or typed, and whether it is this entity's. */
function Code({ task, scanned, note }: CodeProps) {
  const [scanning, setScanning] = useState(false);
  const [found, setFound] = useState({ turn: 0, text: scanned }); // what was scanned stands in the field anew
  const keep = (text: string) => {
    const kept = text.slice(0, MOST_SIGNS);
    note(kept);
    setFound({ turn: found.turn + 1, text: kept });
    setScanning(false);
  };
  const match = compareCode(scanned, task.entity.uscc);
  return (
    <>
      <div class="scan-line">
        <Text key={found.turn} id="scanned" label={t("arrive.scanned")} value={found.text} save={note} />
        {hasCamera() ? (
          <button type="button" class="button" onClick={() => setScanning(true)}>
            <Icon name="scan" />
            {t("scan.start")}
          </button>
        ) : null}
      </div>
      {scanned.trim() ? <Told tone={TOLD[match]} title={t(`scan.${match}`)} text={t(`scan.${match}_text`)} /> : null}
      {scanning ? <Scanner onFound={keep} onClose={() => setScanning(false)} /> : null}
    </>
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

function Told({ tone, title, text }: { tone: "ok" | "warn" | "info"; title: string; text: string }) {
  return (
    <Notice tone={tone} title={title}>
      <p>{text}</p>
    </Notice>
  );
}
