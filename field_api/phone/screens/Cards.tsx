// Step 2: the officers show their cards and tell the person in charge of their rights.
import { change } from "../store/visits";
import type { Officer } from "../types";
import { Tick } from "../ui/parts";
import { t } from "../words";
import { Dock, type Hand } from "./Visit";

export function Cards({ task, visit, go }: Hand) {
  return (
    <>
      <main class="screen">
        <section class="card">
          <h2>{t("cards.title")}</h2>
          <p class="muted">{t("cards.text")}</p>
          <ul class="id-cards">
            {task.team.map((officer) => (
              <IdCard key={officer.inspector_id} officer={officer} />
            ))}
          </ul>
          <Tick label={t("cards.shown")} on={visit.cardsShown} set={(cardsShown) => change(visit.id, { cardsShown })} />
        </section>
        <section class="card">
          <h2>{t("cards.rights")}</h2>
          <p>{t("cards.rights_text")}</p>
          <Tick label={t("cards.told")} on={visit.rightsTold} set={(rightsTold) => change(visit.id, { rightsTold })} />
        </section>
      </main>
      <Dock back={() => go(0)} next={{ label: t("next"), go: () => go(2) }} />
    </>
  );
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
