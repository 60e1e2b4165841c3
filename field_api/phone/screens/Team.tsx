// The team at a visit: who leads, when one last heard of each other, and what the leader has to decide.
import { useEffect } from "preact/hooks";
import type { Shown } from "../form";
import { shareDrafts } from "../net/shares";
import { questionsIn } from "../rules/questions";
import { mergeQuestions, type QuestionDifference } from "../rules/sharedQuestions";
import { type Difference, leads, merge } from "../rules/shares";
import { readable } from "../rules/today";
import { type Answer, db, type Visit } from "../store/db";
import { decide, decideQuestion } from "../store/shares";
import type { Checklist, Task } from "../types";
import { Notice } from "../ui/parts";
import { useLive } from "../ui/useLive";
import { inRow, said, t } from "../words";
import { givenWords, wordsOf } from "./speak";
import type { Hand } from "./Visit";

/** How often colleagues are asked while a visit is open. */
const EVERY_MS = 15_000;

type Props = Pick<Hand, "task" | "visit" | "checklist" | "form">;

export function Team({ task, visit, checklist, form }: Props) {
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
      {leads(task.team) ? <Differences visit={visit} checklist={checklist} form={form} /> : null}
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

function Differences({ visit, checklist, form }: Omit<Props, "task">) {
  const { differences } = merge(visit.answers, visit.colleagues ?? [], visit.settled ?? {});
  const questions = askedDifferences(visit, form);
  const count = differences.length + questions.length;
  if (!count) return null;
  return (
    <Notice tone="warn" title={t("team.differ", { count })}>
      <p>{t("team.differ_text")}</p>
      {differences.map((one) => (
        <Decide key={one.item} difference={one} visitId={visit.id} text={textOf(checklist, one.item)} />
      ))}
      {questions.map(({ difference, shown }) => (
        <DecideQuestion key={shown.path} difference={difference} shown={shown} form={form} visitId={visit.id} />
      ))}
    </Notice>
  );
}

function textOf(checklist: Checklist, no: number): string {
  return said(checklist.items.find((item) => item.no === no)?.text);
}

/** Differences on questions that are asked now. */
function askedDifferences({ formAnswers, colleagues, settledQuestions }: Visit, form: Hand["form"]) {
  const { differences } = mergeQuestions(formAnswers ?? {}, colleagues ?? [], settledQuestions ?? {});
  const shown = new Map(questionsIn(form?.visible() ?? []).map((one) => [one.path, one]));
  return differences.flatMap((difference) => {
    const one = shown.get(difference.question);
    return one ? [{ difference, shown: one }] : [];
  });
}

interface DecideQuestionProps {
  difference: QuestionDifference;
  shown: Shown;
  form: Hand["form"];
  visitId: string;
}

function DecideQuestion({ difference: { question, own, theirs }, shown, form, visitId }: DecideQuestionProps) {
  const all = own === null ? theirs : [{ name: t("team.mine"), answer: own }, ...theirs];
  return (
    <Choose
      title={wordsOf({ form }, shown).label}
      choices={all.map(({ name, answer }) => ({
        words: `${name}: ${givenWords({ form }, shown, answer)}`,
        take: () => void decideQuestion(visitId, question, answer),
      }))}
    />
  );
}

interface DecideProps {
  difference: Difference;
  visitId: string;
  text: string;
}

function Decide({ difference: { item, own, theirs }, visitId, text }: DecideProps) {
  const all: { name: string; answer: Answer }[] = own ? [{ name: t("team.mine"), answer: own }, ...theirs] : theirs;
  return (
    <Choose
      title={`${item}. ${text}`}
      choices={all.map(({ name, answer: { value, remark } }) => ({
        words: `${name}: ${value ? t(`value.${value}`) : "–"}${remark ? ` · ${remark}` : ""}`,
        take: () => void decide(visitId, item, { value, remark }),
      }))}
    />
  );
}

interface ChooseProps {
  title: string;
  choices: { words: string; take: () => void }[];
}

function Choose({ title, choices }: ChooseProps) {
  return (
    <fieldset class="team-choice">
      <legend>{title}</legend>
      {choices.map(({ words, take }) => (
        <button key={words} type="button" class="button" onClick={take}>
          {words}
        </button>
      ))}
    </fieldset>
  );
}
