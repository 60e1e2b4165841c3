// Earlier versions of a record that were submitted from this phone: each stays as it was, and can be read.
import { asked, dayOfVisit, filledForm } from "../rules/questions";
import { readable } from "../rules/today";
import { db, type Visit } from "../store/db";
import { clockOffset } from "../store/facts";
import { versionsOf } from "../store/visits";
import type { Task } from "../types";
import { useLive } from "../ui/useLive";
import { t } from "../words";
import type { Whole } from "./faults";
import { Record } from "./Record";

/** `but` leaves out the version that is shown anyway. */
export function History({ task, but }: { task: Task; but?: string }) {
  const versions = useLive(() => versionsOf(task.id), [task.id]) ?? [];
  const shown = versions.map((visit, at) => ({ visit, no: at + 1 })).filter(({ visit }) => visit.id !== but);
  if (!shown.length) return null;
  return (
    <section class="card record">
      <h2>{t("history.title")}</h2>
      {shown.map(({ visit, no }) => (
        <Version key={visit.id} task={task} visit={visit} no={no} />
      ))}
    </section>
  );
}

function Version({ task, visit, no }: { task: Task; visit: Visit; no: number }) {
  return (
    <details>
      <summary>
        <b>{t("history.version", { no })}</b>
        <span class="muted num">{visit.sealedAt ? readable(visit.sealedAt, new Date()) : null}</span>
      </summary>
      <Body task={task} visit={visit} />
    </details>
  );
}

function Body({ task, visit }: { task: Task; visit: Visit }) {
  const kept = useLive(() => read(task, visit), [visit.id]);
  if (!kept) return <p class="muted">{t("history.no_checklist")}</p>;
  return (
    <>
      <Record {...kept} />
      <p class="mono small">{visit.receipt?.manifest_sha256}</p>
    </>
  );
}

async function read(task: Task, visit: Visit): Promise<Whole | null> {
  const checklist = await db.checklists.get(visit.checklistId);
  const photos = (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined);
  if (!checklist) return null;
  const form = filledForm(checklist, visit, dayOfVisit(visit, await clockOffset()));
  return { task, visit, checklist: asked(checklist, form), form, photos };
}
