// Enrolling: the code an administrator shows is exchanged for this phone's right to speak for its inspector.
import { useState } from "preact/hooks";
import { enrol } from "../net/api";
import { tendRecovery } from "../net/recovery";
import { fetchTasks } from "../net/tasks";
import { note } from "../store/log";
import { clearedSince, keepForGood, markEnrolled } from "../store/room";
import { tellKey } from "../store/tabs";
import { abandonPin, choosePin } from "../store/vault";
import { emptiedAt, forgetEmptied } from "../store/wipe";
import type { ProblemBody } from "../types";
import { asToldEnrolling } from "../ui/failures";
import { type Chosen, isChosen, NewPin, NO_PIN } from "../ui/PinField";
import { Notice, Problem } from "../ui/parts";
import { ClearedNotice } from "../ui/Storage";
import { t } from "../words";
import { Emptied } from "./Leaving";

interface Props {
  code: string;
  /** There is no PIN yet: it is chosen here. */
  withPin: boolean;
  turnLanguage: () => void;
}

export function Enrol({ code, withPin, turnLanguage }: Props) {
  const emptied = emptiedAt();
  return (
    <main class="enrol">
      <div class="enrol-head">
        <span class="brand-mark" aria-hidden="true" />
        <div>
          <h1>{t("enrol.title")}</h1>
          <p class="muted">Fieldlot {t("app")}</p>
        </div>
        <button type="button" class="button button-quiet" onClick={turnLanguage}>
          {t("other_language")}
        </button>
      </div>
      {emptied ? <Emptied at={emptied} /> : <ClearedNotice />}
      <p>{t("enrol.text")}</p>
      {isSecureContext ? <EnrolForm code={code} withPin={withPin} /> : <Insecure />}
    </main>
  );
}

function Insecure() {
  return (
    <Notice tone="error" title={t("enrol.insecure_title")}>
      <p>{t("enrol.insecure")}</p>
    </Notice>
  );
}

function EnrolForm({ code, withPin }: { code: string; withPin: boolean }) {
  const [typed, setTyped] = useState(code);
  const [chosen, setChosen] = useState<Chosen>(NO_PIN);
  const [name, setName] = useState(t("enrol.default_name"));
  const [going, setGoing] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    setProblem(await tryToEnrol(typed.trim(), name.trim(), withPin ? chosen.pin : null));
    setGoing(false);
  };
  return (
    <form class="card" onSubmit={go}>
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
      <div class="field">
        <label for="name">{t("enrol.name")}</label>
        <p class="field-hint">{t("enrol.name_hint")}</p>
        <input id="name" required maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </div>
      {withPin ? <NewPin chosen={chosen} set={setChosen} /> : null}
      <button
        type="submit"
        class="button button-primary button-wide"
        disabled={going || !typed.trim() || !name.trim() || (withPin && !isChosen(chosen))}
      >
        {going ? t("enrol.going") : t("enrol.go")}
      </button>
    </form>
  );
}

/** The PIN comes first: nothing about people is ever kept open. One tab at a time. */
function tryToEnrol(code: string, name: string, pin: string | null): Promise<ProblemBody | null> {
  return navigator.locks.request("fieldlot-enrol", async () => {
    try {
      const lost = await clearedSince();
      if (pin) await choosePin(pin);
      await enrol(code, name);
      if (lost)
        await note("error", "storage_cleared", { storage: (await keepForGood()) ? "persistent" : "best_effort" });
    } catch (error) {
      await abandonPin();
      return asToldEnrolling(error);
    }
    enrolled();
    return null;
  });
}

function enrolled(): void {
  forgetEmptied();
  location.hash = "#/"; // the code must not stay in the address
  void keepForGood();
  markEnrolled();
  tellKey();
  void fetchTasks()
    .then(tendRecovery)
    .catch(() => undefined);
}
