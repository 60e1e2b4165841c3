// Step 2: the officers show their cards, tell of rights, and ask whether recusal is asked for (DOMAIN §2.6 steps 3 and 4).
import { isPaused } from "../rules/judge";
import { isoLocal, readable } from "../rules/today";
import type { Recusal, Visit } from "../store/db";
import { change, noteRecusal } from "../store/visits";
import type { Officer } from "../types";
import { Notice, Text, Tick } from "../ui/parts";
import { t } from "../words";
import { Dock, type Hand } from "./Visit";

const now = () => isoLocal(new Date());

export function Cards({ task, visit, go }: Hand) {
  const shown = (on: boolean) => void change(visit.id, { cardsShown: on, cardsShownAt: on ? now() : null });
  const told = (on: boolean) => void change(visit.id, { rightsTold: on, rightsToldAt: on ? now() : null });
  return (
    <>
      <main class="screen">
        <section class="card stack">
          <h2>{t("cards.title")}</h2>
          <p class="muted">{t("cards.text")}</p>
          <ul class="id-cards">
            {task.team.map((officer) => (
              <IdCard key={officer.inspector_id} officer={officer} />
            ))}
          </ul>
          <Tick id="cards-shown" label={t("cards.shown")} on={visit.cardsShown} set={shown} />
          <At time={visit.cardsShownAt} />
        </section>
        <section class="card stack">
          <h2>{t("cards.rights")}</h2>
          <ul class="rights">
            <li>{t("cards.right_recusal")}</li>
            <li>{t("cards.right_defence")}</li>
            <li>{t("cards.right_rating")}</li>
          </ul>
          <Tick id="rights-told" label={t("cards.told")} on={visit.rightsTold} set={told} />
          <At time={visit.rightsToldAt} />
        </section>
        <Asked visit={visit} />
      </main>
      <Dock back={() => go(0)} next={{ label: t("next"), go: () => go(2), primary: !isPaused(visit.recusal) }} />
    </>
  );
}

function At({ time }: { time: string | null | undefined }) {
  return time ? <p class="muted small num">{t("cards.noted_at", { time: readable(time, new Date()) })}</p> : null;
}

function IdCard({ officer }: { officer: Officer }) {
  const { name, card_no, leader, me } = officer;
  return (
    <li>
      <b>{name}</b>
      {leader ? <span class="badge badge-info">{t("cards.leader")}</span> : null}
      {me ? <span class="badge">{t("cards.me")}</span> : null}
      <span class="muted num">{t("cards.number", { number: card_no ?? "—" })}</span>
    </li>
  );
}

const ANSWERS = [
  { asked: false, key: "recusal.no", value: "yes" },
  { asked: true, key: "recusal.yes", value: "no" },
] as const;

/** 申请回避？ The answer is recorded; a yes pauses the visit until somebody has decided on it. */
function Asked({ visit }: { visit: Visit }) {
  const { recusal } = visit;
  const say = (changes: Partial<Recusal>) => void noteRecusal(visit.id, changes);
  return (
    <section class="card stack">
      <h2 id="recusal">{t("recusal.title")}</h2>
      <fieldset class="triple double" aria-labelledby="recusal">
        {ANSWERS.map(({ asked, key, value }) => (
          <label key={key} data-value={value}>
            <input type="radio" name="recusal" checked={recusal?.asked === asked} onChange={() => say({ asked })} />
            <span>{t(key)}</span>
          </label>
        ))}
      </fieldset>
      {recusal?.asked ? <Paused recusal={recusal} say={say} /> : null}
    </section>
  );
}

function Paused({ recusal, say }: { recusal: Recusal; say: (changes: Partial<Recusal>) => void }) {
  return (
    <>
      {isPaused(recusal) ? (
        <Notice tone="warn" title={t("recusal.paused")}>
          <ol class="rights">
            <li>{t("recusal.step_stop")}</li>
            <li>{t("recusal.step_report")}</li>
            <li>{t("recusal.step_replace")}</li>
          </ol>
        </Notice>
      ) : null}
      <Text
        id="recusal-ground"
        label={t("recusal.ground")}
        long
        value={recusal.ground}
        save={(ground) => say({ ground })}
      />
      <Text
        id="recusal-decision"
        label={t("recusal.decision")}
        hint={t("recusal.decision_hint")}
        value={recusal.decision}
        save={(decision) => say({ decision })}
      />
    </>
  );
}
