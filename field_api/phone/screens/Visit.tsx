// A visit: which face of it is shown, and the steps on site (DOMAIN §2.6) with what each needs.
import { useEffect, useState } from "preact/hooks";
import type { Model } from "../form";
import { type Position, watchPosition } from "../net/position";
import { fetchTasks } from "../net/tasks";
import { asked, dayOfVisit, filledForm } from "../rules/questions";
import { isDone } from "../rules/today";
import { db, type Photo, type Visit } from "../store/db";
import { clockOffset } from "../store/facts";
import { change, isReturned, isTaken, openVisit, visitOf } from "../store/visits";
import type { Checklist, Task } from "../types";
import { Bar, Notice } from "../ui/parts";
import { StorageWarning } from "../ui/Storage";
import { SyncPill } from "../ui/Sync";
import { useLive } from "../ui/useLive";
import { t } from "../words";
import { Arrive } from "./Arrive";
import { Cards } from "./Cards";
import { Check } from "./Check";
import { Finding } from "./Finding";
import { Moved, Taken } from "./Moving";
import { Read } from "./Read";
import { OtherPhone, ReceiptScreen } from "./Receipt";
import { RecordingBar } from "./Recorder";
import { Returned, ToCorrect } from "./Returned";
import { Sign } from "./Sign";
import { Team } from "./Team";

/** What every step of a visit has at hand. */
export interface Hand {
  task: Task;
  visit: Visit;
  /** With the items that are asked, given the answers. */
  checklist: Checklist;
  /** The checklist's form filled with the draft; null where it has none. */
  form: Model | null;
  photos: Photo[];
  position: Position;
  /** What was asked for from elsewhere: an item by number, or a question by its path. */
  focus: number | string | null;
  go: (step: number, focus?: number | string | null) => void;
}

export const STEPS = ["arrive", "cards", "check", "finding", "read", "sign"] as const;
const SCREENS = [Arrive, Cards, Check, Finding, Read, Sign];

export function VisitScreen({ taskId }: { taskId: string }) {
  const kept = useLive(() => readVisit(taskId), [taskId]);
  if (!kept) return <Bar title={t("loading")} back="#/" />;
  const { task, visit, checklist } = kept;
  return (
    <>
      <Bar title={task?.entity.name ?? t("visit.missing")} sub={task?.item.name ?? ""} back="#/">
        <SyncPill />
      </Bar>
      {task ? (
        <Face {...kept} task={task} visit={visit} checklist={checklist} />
      ) : (
        <Missing title={t("visit.missing")} />
      )}
    </>
  );
}

interface Kept {
  task: Task | undefined;
  visit: Visit | undefined;
  checklist: Checklist | undefined;
  form: Model | null;
  photos: Photo[];
  taken: boolean;
}

async function readVisit(taskId: string): Promise<Kept> {
  const [task, visit] = await Promise.all([db.tasks.get(taskId), visitOf(taskId)]);
  const whole = task && (await db.checklists.get(visit?.checklistId ?? task.checklist.id));
  const form = visit && whole ? filledForm(whole, visit, dayOfVisit(visit, await clockOffset())) : null;
  const photos = visit ? (await db.photos.bulkGet(visit.photoIds)).filter((photo) => photo !== undefined) : [];
  const taken = task !== undefined && (await isTaken(task));
  return { task, visit, checklist: whole && asked(whole, form), form, photos, taken };
}

function Face({ task, visit, checklist, form, photos, taken }: Kept & { task: Task }) {
  const returned = !taken && isReturned(task, visit);
  const elsewhere = isDone(task) && (!visit || visit.state === "draft");
  const begins = !visit && !returned && !elsewhere && !taken;
  useEffect(() => {
    if (begins) void openVisit(task);
  }, [begins, task]);
  if (returned) return <Returned task={task} visit={visit} checklist={checklist} />;
  if (elsewhere) return <OtherPhone task={task} />;
  if (taken) return <Taken />;
  if (visit?.state === "moved") return <Moved visit={visit} />;
  if (!checklist) return <Missing title={t("visit.no_checklist")} />;
  if (!visit) return null;
  const whole = { task, visit, checklist, form, photos };
  return visit.state === "draft" ? <Steps {...whole} /> : <ReceiptScreen {...whole} />;
}

/** Something is not on the phone yet; asking the server again may help. */
function Missing({ title }: { title: string }) {
  useEffect(() => void fetchTasks().catch(() => undefined), []);
  return (
    <main class="screen">
      <Notice tone="warn" title={title} />
    </main>
  );
}

function Steps(given: Omit<Hand, "position" | "go" | "focus">) {
  const { visit, task } = given;
  const [step, setStep] = useState(visit.step);
  const [focus, setFocus] = useState<Hand["focus"]>(null);
  const [turn, setTurn] = useState(0); // whoever is sent to an item gets there, also from another item of the same step
  const [position, setPosition] = useState<Position>({ state: "locating" });
  useEffect(() => watchPosition(setPosition), []);
  const go = (next: number, wanted: Hand["focus"] = null) => {
    setStep(next);
    setFocus(wanted);
    setTurn(turn + 1);
    scrollTo(0, 0);
    void change(visit.id, { step: next });
  };
  const Step = SCREENS[step] ?? Arrive;
  return (
    <>
      <StepBar step={step} go={go} />
      <ToCorrect task={task} go={go} />
      <Team {...given} />
      <RecordingBar />
      <StorageWarning />
      <Step key={turn} {...given} position={position} focus={focus} go={go} />
    </>
  );
}

function StepBar({ step, go }: { step: number; go: (step: number) => void }) {
  return (
    <nav class="step-bar" aria-label={t("visit.steps")}>
      <ol class="steps">
        {STEPS.map((name, at) => (
          <li key={name} class={at < step ? "is-done" : ""} {...(at === step ? { "aria-current": "step" } : {})}>
            <button type="button" onClick={() => go(at)}>
              {t(`step.${name}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The bar at the bottom of each step. */
export function Dock({
  back,
  next,
}: {
  back?: () => void;
  next: { label: string; go: () => void; primary?: boolean };
}) {
  return (
    <footer class="dock">
      {back ? (
        <button type="button" class="button" onClick={back}>
          {t("previous")}
        </button>
      ) : null}
      <button type="button" class={`button ${next.primary === false ? "" : "button-primary"}`} onClick={next.go}>
        {next.label}
      </button>
    </footer>
  );
}
