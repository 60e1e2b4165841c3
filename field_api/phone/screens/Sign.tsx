// Step 6: officers and entity sign, or how the entity refused and who saw it; then the record is sealed and sent.
import { useState } from "preact/hooks";
import { kick } from "../net/queue";
import { sitePhotoNeeded } from "../rules/judge";
import { leads } from "../rules/shares";
import { ENTITY, WITNESS } from "../rules/signing";
import { withRoom } from "../store/room";
import { seal } from "../store/seal";
import { change } from "../store/visits";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { Icon, Notice, Problem, Text, Tick } from "../ui/parts";
import { endRecording } from "../ui/record";
import { t } from "../words";
import { Faults } from "./Faults";
import { faultsOf } from "./faults";
import { Recorder } from "./Recorder";
import { Signer } from "./Signer";
import { HandOver } from "./Team";
import type { Hand } from "./Visit";

export function Sign(hand: Hand) {
  const { task, visit, photos, go } = hand;
  if (!leads(task.team)) return <HandOver task={task} />;
  const met = !sitePhotoNeeded(visit.resultCode);
  return (
    <>
      <main class="screen">
        {met ? <Entity {...hand} /> : <Notice title={t("sign.nobody_met")} />}
        <section class="card stack">
          <h2>{t("sign.officers")}</h2>
          {task.team.map(({ inspector_id, name }) => (
            <div key={inspector_id} class="stack">
              <h3>{name}</h3>
              <Signer visit={visit} photos={photos} who={inspector_id} name={name} />
            </div>
          ))}
        </section>
        <Recorder visit={visit} photos={photos} />
        <Faults faults={faultsOf(hand)} visit={visit} go={go} />
        <p class="muted small">{t("sign.submit_note")}</p>
      </main>
      <Submit {...hand} />
    </>
  );
}

function Entity({ visit, photos }: Hand) {
  return (
    <section class="card stack">
      <h2>{t("sign.entity")}</h2>
      {visit.refused ? (
        <Refusal visit={visit} photos={photos} />
      ) : (
        <>
          <Text
            id="signer"
            label={t("sign.entity_name")}
            value={visit.entitySigner}
            save={(entitySigner) => void change(visit.id, { entitySigner })}
          />
          <Signer visit={visit} photos={photos} who={ENTITY} name={visit.entitySigner.trim()} />
        </>
      )}
      <Tick label={t("sign.refused")} on={visit.refused} set={(refused) => void change(visit.id, { refused })} />
    </section>
  );
}

/** They refuse, or cannot sign: why, and a witness who may sign in their place. The record stays valid (DOMAIN §2.6). */
function Refusal({ visit, photos }: Pick<Hand, "visit" | "photos">) {
  return (
    <>
      <Text
        id="refusal"
        label={t("sign.reason")}
        hint={t("sign.reason_hint")}
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
      {visit.witness.trim() ? <Signer visit={visit} photos={photos} who={WITNESS} name={visit.witness.trim()} /> : null}
    </>
  );
}

function Submit(hand: Hand) {
  const { task, visit, go } = hand;
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const whole = faultsOf(hand).length === 0;
  const submit = async () => {
    await endRecording();
    setProblem(await withRoom(() => seal(visit.id, task)).then(() => null, asTold));
    scrollTo(0, 0);
    kick();
  };
  return (
    <footer class="dock">
      {problem ? <Problem problem={problem} /> : null}
      <button type="button" class="button" onClick={() => go(4)}>
        {t("previous")}
      </button>
      <button type="button" class="button button-primary" disabled={!whole} onClick={submit}>
        <Icon name="send" />
        {whole ? t("sign.submit") : t("sign.incomplete")}
      </button>
    </footer>
  );
}
