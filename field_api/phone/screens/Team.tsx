// The team at a visit: who leads, when one last heard of each other, and what the leader has to decide.
import { useEffect } from "preact/hooks";
import { shareDrafts } from "../net/shares";
import { type Difference, leads, merge } from "../rules/shares";
import { readable } from "../rules/today";
import { type Answer, db, type Visit } from "../store/db";
import { decide } from "../store/shares";
import type { Checklist, Task } from "../types";
import { Notice } from "../ui/parts";
import { useLive } from "../ui/useLive";
import { inRow, said, t } from "../words";

/** How often colleagues are asked while a visit is open. */
const EVERY_MS = 15_000;

interface Props {
  task: Task;
  visit: Visit;
  checklist: Checklist;
}

export function Team({ task, visit, checklist }: Props) {
  const several = task.team.length > 1;
  useEffect(() => {
    if (!several) return;
    const turn = () => void shareDrafts(task.id);
    turn();
    const timer = setInterval(turn, EVERY_MS);
    return () => clearInterval(timer);
  }, [several, task.id]);
  if (!several) return null;
  return (
    <section class="strip stack" aria-label={t("team.title")}>
      <Who task={task} visit={visit} />
      {leads(task.team) ? <Differences visit={visit} checklist={checklist} /> : null}
    </section>
  );
}

function Who({ task, visit }: { task: Task; visit: Visit }) {
  const leader = task.team.find((officer) => officer.leader);
  const others = task.team.filter((officer) => !officer.me).map((officer) => officer.name);
  const mine = leads(task.team);
  return (
    <div class="card team">
      <p>{mine ? t("team.you_lead", { others: inRow(others) }) : t("team.leads", { leader: leader?.name ?? "" })}</p>
      <p class="muted small" role="status">
        {visit.shared ? t("team.shared", { time: readable(visit.shared.at, new Date()) }) : t("team.not_shared")}
        {(visit.colleagues ?? []).map(({ inspector_id, name, at, answers, photos }) => (
          <span key={inspector_id}>
            {" · "}
            {t("team.heard", { name, time: readable(at, new Date()), answers: answers.length, photos: photos.length })}
          </span>
        ))}
      </p>
      <Coming visit={visit} />
    </div>
  );
}

/** What a member sees in the place of signing and submitting. */
export function HandOver({ task }: { task: Task }) {
  const leader = task.team.find((officer) => officer.leader)?.name ?? "";
  return (
    <main class="screen">
      <Notice tone="info" title={t("team.leader_submits")}>
        <p>{t("team.leads", { leader })}</p>
      </Notice>
    </main>
  );
}

/** Photos of colleagues that stand in this record: their bytes come from the other phone. */
function Coming({ visit }: { visit: Visit }) {
  const count = useLive(async () => {
    const photos = await db.photos.bulkGet(visit.photoIds);
    return photos.filter((photo) => photo && photo.bytes === null && photo.name === "").length;
  }, [visit.photoIds.join()]);
  return count ? <p class="muted small">{t("team.photos", { count })}</p> : null;
}

function Differences({ visit, checklist }: { visit: Visit; checklist: Checklist }) {
  const { differences } = merge(visit.answers, visit.colleagues ?? [], visit.settled ?? {});
  if (!differences.length) return null;
  return (
    <Notice tone="warn" title={t("team.differ", { count: differences.length })}>
      <p>{t("team.differ_text")}</p>
      {differences.map((one) => (
        <Decide key={one.item} difference={one} visitId={visit.id} text={textOf(checklist, one.item)} />
      ))}
    </Notice>
  );
}

function textOf(checklist: Checklist, no: number): string {
  return said(checklist.items.find((item) => item.no === no)?.text);
}

interface DecideProps {
  difference: Difference;
  visitId: string;
  text: string;
}

function Decide({ difference: { item, own, theirs }, visitId, text }: DecideProps) {
  const choices: { name: string; answer: Answer }[] = [
    ...(own ? [{ name: t("team.mine"), answer: own }] : []),
    ...theirs,
  ];
  return (
    <fieldset class="team-choice">
      <legend>
        {item}. {text}
      </legend>
      {choices.map(({ name, answer: { value, remark } }) => (
        <button key={name} type="button" class="button" onClick={() => void decide(visitId, item, { value, remark })}>
          {name}: {value ? t(`value.${value}`) : "–"}
          {remark ? ` · ${remark}` : ""}
        </button>
      ))}
    </fieldset>
  );
}
