// A reviewer returned the record: what they say, and the way to a corrected version.
import { readable } from "../rules/today";
import type { Visit } from "../store/db";
import { openVisit } from "../store/visits";
import type { Task } from "../types";
import { Icon, Notice } from "../ui/parts";
import { t } from "../words";

export function Returned({ task, visit }: { task: Task; visit: Visit | undefined }) {
  const { returned } = task;
  return (
    <main class="screen">
      <Notice tone="error" title={t("returned.title")}>
        <p class="muted small num">{returned ? readable(returned.at, new Date()) : null}</p>
        <p>
          <b>{t("returned.remark")}</b>
        </p>
        <p>{returned?.remark}</p>
      </Notice>
      <section class="card">
        <p>{t(visit ? "returned.text" : "returned.text_empty")}</p>
        <button type="button" class="button button-primary button-wide" onClick={() => void openVisit(task)}>
          <Icon name="history" />
          {t("returned.start")}
        </button>
      </section>
    </main>
  );
}
