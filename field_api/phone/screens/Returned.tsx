// A reviewer returned the record: what they say, of the whole and by item, what was submitted, and the way to a correction.
import { readable } from "../rules/today";
import type { Visit } from "../store/db";
import { openVisit } from "../store/visits";
import type { Checklist, Task } from "../types";
import { Icon, Notice } from "../ui/parts";
import { said, t } from "../words";
import { History } from "./History";

interface Props {
  task: Task;
  visit: Visit | undefined;
  checklist: Checklist | undefined;
}

export function Returned({ task, visit, checklist }: Props) {
  const { returned } = task;
  return (
    <main class="screen">
      <Notice tone="error" title={t("returned.title")}>
        <p class="muted small num">{returned ? readable(returned.at, new Date()) : null}</p>
        {returned?.remark ? (
          <p>
            <b>{t("returned.remark")}</b> {returned.remark}
          </p>
        ) : null}
        <ByItem task={task} checklist={checklist} />
      </Notice>
      <section class="card">
        <p>{t(visit ? "returned.text" : "returned.text_empty")}</p>
        <button type="button" class="button button-primary button-wide" onClick={() => void openVisit(task)}>
          <Icon name="history" />
          {t("returned.start")}
        </button>
      </section>
      <History task={task} />
    </main>
  );
}

function ByItem({ task, checklist }: Omit<Props, "visit">) {
  const items = task.returned?.items ?? [];
  if (!items.length) return null;
  return (
    <ol class="plain remarks">
      {items.map(({ item, remark }) => (
        <li key={item}>
          <b>{t("arrive.item_no", { no: item })}</b> {said(checklist?.items.find(({ no }) => no === item)?.text)}
          <p>{remark}</p>
        </li>
      ))}
    </ol>
  );
}

/** While the correction is made: the remark on the whole, and a way to each item that has one. */
export function ToCorrect({ task, go }: { task: Task; go: (step: number, focus: number) => void }) {
  const { returned } = task;
  if (!returned) return null;
  const items = returned.items ?? [];
  return (
    <div class="strip">
      <Notice tone="error" title={t("returned.title")}>
        {returned.remark ? <p>{returned.remark}</p> : null}
        {items.length ? (
          <div class="jumps">
            {items.map(({ item }) => (
              <button key={item} type="button" class="button" onClick={() => go(2, item)}>
                {t("arrive.item_no", { no: item })}
              </button>
            ))}
          </div>
        ) : null}
      </Notice>
    </div>
  );
}
