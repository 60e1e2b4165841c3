// Enrolling: the code an administrator shows is exchanged for this phone's right to speak for its inspector.
import { useState } from "preact/hooks";
import { enrol } from "../net/api";
import { fetchTasks } from "../net/tasks";
import { emptiedAt, forgetEmptied } from "../store/wipe";
import type { ProblemBody } from "../types";
import { asToldEnrolling } from "../ui/failures";
import { Notice, Problem } from "../ui/parts";
import { t } from "../words";
import { Emptied } from "./Leaving";

export function Enrol({ code, turnLanguage }: { code: string; turnLanguage: () => void }) {
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
      {emptied ? <Emptied at={emptied} /> : null}
      <p>{t("enrol.text")}</p>
      {isSecureContext ? <EnrolForm code={code} /> : <Insecure />}
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

function EnrolForm({ code }: { code: string }) {
  const [typed, setTyped] = useState(code);
  const [name, setName] = useState(t("enrol.default_name"));
  const [going, setGoing] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    setProblem(await tryToEnrol(typed.trim(), name.trim()));
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
      <button type="submit" class="button button-primary button-wide" disabled={going || !typed.trim() || !name.trim()}>
        {going ? t("enrol.going") : t("enrol.go")}
      </button>
    </form>
  );
}

async function tryToEnrol(code: string, name: string): Promise<ProblemBody | null> {
  try {
    await enrol(code, name);
  } catch (error) {
    return asToldEnrolling(error);
  }
  forgetEmptied();
  location.hash = "#/"; // the code must not stay in the address
  void navigator.storage?.persist?.(); // asks the browser never to clear this by itself
  void fetchTasks().catch(() => undefined);
  return null;
}
