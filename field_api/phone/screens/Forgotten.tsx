// A forgotten PIN: online, with a code shown by the administrator, a new one is chosen; nothing that was kept is lost.
import { useState } from "preact/hooks";
import { resetPin } from "../net/recovery";
import { tellKey } from "../store/tabs";
import type { ProblemBody } from "../types";
import { asToldEnrolling } from "../ui/failures";
import { type Chosen, isChosen, NewPin, NO_PIN } from "../ui/PinField";
import { Problem } from "../ui/parts";
import { t } from "../words";

export function Forgotten({ code, back }: { code: string; back: () => void }) {
  const [typed, setTyped] = useState(code);
  const [chosen, setChosen] = useState<Chosen>(NO_PIN);
  const [going, setGoing] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    const told = await resetPin(typed.trim(), chosen.pin).then(() => null, asToldEnrolling);
    setGoing(false);
    setProblem(told);
    if (told) return;
    location.hash = "#/"; // the code must not stay in the address
    tellKey();
  };
  return (
    <form class="card" onSubmit={go}>
      <h2>{t("lock.forgotten")}</h2>
      <p>{t("lock.forgotten_text")}</p>
      {problem ? <Problem problem={problem} /> : null}
      <div class="field">
        <label for="code">{t("enrol.code")}</label>
        <input
          id="code"
          class="mono"
          required
          maxLength={100}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <NewPin chosen={chosen} set={setChosen} />
      <button
        type="submit"
        class="button button-primary button-wide"
        disabled={going || !typed.trim() || !isChosen(chosen)}
      >
        {t("lock.reset")}
      </button>
      <button type="button" class="button button-wide" onClick={back}>
        {t("back")}
      </button>
    </form>
  );
}
