// The locked phone: the PIN, what is unsent, how long to wait after wrong ones, and a way back for who forgot it.
import { useEffect, useState } from "preact/hooks";
import { isPin, waitLeft } from "../rules/pin";
import { tellKey } from "../store/tabs";
import { theVault, type Unlocked, unlock, type Vault } from "../store/vault";
import { PinField } from "../ui/PinField";
import { Notice } from "../ui/parts";
import { countUnsent } from "../ui/Sync";
import { useLive } from "../ui/useLive";
import { t } from "../words";
import { Forgotten } from "./Forgotten";

const SECOND_MS = 1_000;

export function Lock({ code, turnLanguage }: { code: string; turnLanguage: () => void }) {
  const [forgotten, setForgotten] = useState(code !== "");
  return (
    <main class="enrol">
      <div class="enrol-head">
        <span class="brand-mark" aria-hidden="true" />
        <div>
          <h1>{t("lock.title")}</h1>
          <p class="muted">Fieldlot {t("app")}</p>
        </div>
        <button type="button" class="button button-quiet" onClick={turnLanguage}>
          {t("other_language")}
        </button>
      </div>
      <UnsentHere />
      {forgotten ? <Forgotten code={code} back={() => setForgotten(false)} /> : <Unlock />}
      {forgotten ? null : (
        <button type="button" class="button button-quiet" onClick={() => setForgotten(true)}>
          {t("lock.forgotten")}
        </button>
      )}
      <p class="muted small">{t("lock.text")}</p>
    </main>
  );
}

/** Counted by index alone: nothing has to be opened for it. */
function UnsentHere() {
  const unsent = useLive(countUnsent);
  const count = (unsent?.waiting ?? 0) + (unsent?.refused ?? 0);
  if (!count) return null;
  return (
    <Notice tone="warn" title={t("sync.unsent", { count })}>
      <p>{t("lock.unsent")}</p>
    </Notice>
  );
}

function Unlock() {
  const [pin, setPin] = useState("");
  const [going, setGoing] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [left, lookAgain] = useWait();
  const go = async (event: Event) => {
    event.preventDefault();
    setGoing(true);
    const answer = await unlock(pin);
    setGoing(false);
    setWrong(answer.is === "wrong");
    setPin("");
    lookAgain();
    if (answer.is === "open") tellKey();
  };
  const error = left > 0 ? t("lock.wait", { time: inWords(left) }) : wrong ? t("lock.wrong") : null;
  return (
    <form class="card" onSubmit={go}>
      <PinField id="unlock-pin" label={t("lock.pin")} value={pin} error={error} set={setPin} />
      <button
        type="submit"
        id="unlock"
        class="button button-primary button-wide"
        disabled={going || left > 0 || !isPin(pin)}
      >
        {going ? t("lock.going") : t("lock.go")}
      </button>
    </form>
  );
}

/** How many milliseconds one must wait, counted down; and how to look anew. */
export function useWait(): [number, () => void] {
  const [left, setLeft] = useState(0);
  const show = ({ failures }: Vault) => setLeft(waitLeft(failures, Date.now()));
  const look = () => void theVault().then(show, () => undefined); // emptied by another tab: the page is loaded anew
  useEffect(() => {
    look();
    const timer = setInterval(look, SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return [left, look];
}

export function inWords(ms: number): string {
  const seconds = Math.ceil(ms / SECOND_MS);
  return seconds < 60 ? t("lock.seconds", { seconds }) : t("lock.minutes", { minutes: Math.ceil(seconds / 60) });
}

/** What to say of an answer that did not open. */
export function refusal(answer: Unlocked): string | null {
  if (answer.is === "open") return null;
  return answer.waitMs > 0 ? t("lock.wait", { time: inWords(answer.waitMs) }) : t("lock.wrong");
}
