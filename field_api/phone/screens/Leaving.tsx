// A revoked phone: nothing can be done here any more, and people see how the handing over goes.
import { useEffect, useState } from "preact/hooks";
import { leave } from "../net/leave";
import { dated } from "../rules/today";
import { handedOver, unsentWork } from "../store/handover";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { Bar, Notice, Problem } from "../ui/parts";
import { useLive, useOnline } from "../ui/useLive";
import { t } from "../words";

const AGAIN_MS = 15_000;

export function Leaving() {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const online = useOnline();
  const left = useLive(countLeft);
  const go = () => void leave().catch(asTold).then(setProblem);
  useEffect(() => {
    go();
    const timer = setInterval(go, AGAIN_MS);
    return () => clearInterval(timer);
  }, [online]);
  return (
    <>
      <Bar title={t("revoked.title")} />
      <main class="screen">
        <Notice tone="error" title={t("revoked.title")}>
          <p>{t("revoked.text")}</p>
        </Notice>
        {left ? (
          <progress class="leaving" aria-label={t("revoked.left", left)} max={left.all || 1} value={left.done} />
        ) : null}
        {left ? <p class="num">{t("revoked.left", left)}</p> : null}
        {online ? null : <p class="offline">{t("revoked.offline")}</p>}
        {problem ? <Problem problem={problem} /> : null}
        <button type="button" class="button button-wide" onClick={go}>
          {t("revoked.now")}
        </button>
      </main>
    </>
  );
}

async function countLeft(): Promise<{ done: number; all: number }> {
  const [pieces, done] = await Promise.all([unsentWork(), handedOver()]);
  return { all: pieces.length, done: pieces.filter(({ id }) => done.has(id)).length };
}

/** What the enrolment screen says of a phone that was emptied. */
export function Emptied({ at }: { at: Date }) {
  return (
    <Notice tone="warn" title={t("revoked.emptied_title")}>
      <p>{t("revoked.emptied", { time: dated(at.toISOString()) })}</p>
    </Notice>
  );
}
