// Step 5: who signs, or how they refused; then the record is sealed and sent.
import { useState } from "preact/hooks";
import { kick } from "../net/queue";
import { leads } from "../rules/shares";
import { seal } from "../store/seal";
import { change } from "../store/visits";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { Icon, Problem, Text, Tick } from "../ui/parts";
import { t } from "../words";
import { Faults } from "./Faults";
import { faultsOf } from "./faults";
import { HandOver } from "./Team";
import type { Hand } from "./Visit";

export function Sign(hand: Hand) {
  const { task, visit, go } = hand;
  if (!leads(task.team)) return <HandOver task={task} />;
  const sign = (id: string) => (on: boolean) => void change(visit.id, { officers: { ...visit.officers, [id]: on } });
  return (
    <>
      <main class="screen">
        <section class="card">
          <h2>{t("sign.officers")}</h2>
          {task.team.map(({ inspector_id, name }) => (
            <Tick
              key={inspector_id}
              label={t("sign.confirm", { name })}
              on={visit.officers[inspector_id] === true}
              set={sign(inspector_id)}
            />
          ))}
        </section>
        <Entity {...hand} />
        <Faults faults={faultsOf(hand)} visit={visit} go={go} />
        <p class="muted small">{t("sign.submit_note")}</p>
      </main>
      <Submit {...hand} />
    </>
  );
}

function Entity({ visit }: Hand) {
  return (
    <section class="card">
      <h2>{t("sign.entity")}</h2>
      {visit.refused ? (
        <Refusal visit={visit} />
      ) : (
        <Text
          id="signer"
          label={t("sign.entity_name")}
          value={visit.entitySigner}
          save={(entitySigner) => void change(visit.id, { entitySigner })}
        />
      )}
      <Tick label={t("sign.refused")} on={visit.refused} set={(refused) => void change(visit.id, { refused })} />
    </section>
  );
}

function Refusal({ visit }: Pick<Hand, "visit">) {
  return (
    <>
      <Text
        id="refusal"
        label={t("sign.reason")}
        long
        value={visit.refusalReason}
        save={(refusalReason) => void change(visit.id, { refusalReason })}
      />
      <Text
        id="witness"
        label={t("sign.witness")}
        value={visit.witness}
        save={(witness) => void change(visit.id, { witness })}
      />
    </>
  );
}

function Submit(hand: Hand) {
  const { task, visit, go } = hand;
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const whole = faultsOf(hand).length === 0;
  const submit = async () => {
    setProblem(await seal(visit.id, task).then(() => null, asTold));
    scrollTo(0, 0);
    kick();
  };
  return (
    <footer class="dock">
      {problem ? <Problem problem={problem} /> : null}
      <button type="button" class="button" onClick={() => go(3)}>
        {t("previous")}
      </button>
      <button type="button" class="button button-primary" disabled={!whole} onClick={submit}>
        <Icon name="send" />
        {whole ? t("sign.submit") : t("sign.incomplete")}
      </button>
    </footer>
  );
}
