// The PIN of a phone in service: choosing the first one, changing it, locking now.
import { useState } from "preact/hooks";
import { sweep } from "../store/sweep";
import { lockAll, tellKey } from "../store/tabs";
import { changePin, choosePin } from "../store/vault";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { type Chosen, isChosen, NewPin, NO_PIN, PinField } from "../ui/PinField";
import { Bar, Problem } from "../ui/parts";
import { t } from "../words";
import { refusal } from "./Lock";

/** Of a phone that was enrolled before there were PINs: everything that it holds is sealed now. */
export function ChoosePin() {
  const [chosen, setChosen] = useState<Chosen>(NO_PIN);
  const [going, setGoing] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    const told = await choosePin(chosen.pin)
      .then(sweep)
      .then(tellKey)
      .then(() => null, asTold);
    setGoing(false);
    setProblem(told);
  };
  return (
    <>
      <Bar title={t("pin.title")} />
      <main class="screen">
        <p>{t("pin.text")}</p>
        <form class="card" onSubmit={go}>
          {problem ? <Problem problem={problem} /> : null}
          <NewPin chosen={chosen} set={setChosen} />
          <button type="submit" class="button button-primary button-wide" disabled={going || !isChosen(chosen)}>
            {going ? t("pin.going") : t("pin.choose")}
          </button>
        </form>
      </main>
    </>
  );
}

export function PinCard() {
  const [open, setOpen] = useState(false);
  return (
    <section class="card">
      <h2>PIN</h2>
      {open ? <ChangePin done={() => setOpen(false)} /> : null}
      {open ? null : (
        <button type="button" class="button button-wide" onClick={() => setOpen(true)}>
          {t("pin.change")}
        </button>
      )}
      <button type="button" class="button button-wide" onClick={lockAll}>
        {t("pin.lock_now")}
      </button>
    </section>
  );
}

function ChangePin({ done }: { done: () => void }) {
  const [old, setOld] = useState("");
  const [chosen, setChosen] = useState<Chosen>(NO_PIN);
  const [going, setGoing] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    const answer = await changePin(old, chosen.pin);
    setGoing(false);
    setRefused(refusal(answer));
    if (answer.is === "open") done();
  };
  return (
    <form onSubmit={go}>
      <PinField id="old-pin" label={t("pin.old")} value={old} error={refused} set={setOld} />
      <NewPin chosen={chosen} set={setChosen} />
      <button type="submit" class="button button-primary button-wide" disabled={going || !isChosen(chosen)}>
        {t("pin.change")}
      </button>
    </form>
  );
}
