// The whole app: which screen, for whom, in which language.
import { useEffect, useState } from "preact/hooks";
import { forgetEnrolment } from "./net/api";
import { onUpdate, update } from "./net/update";
import { type Route, useRoute } from "./route";
import { inWeChat } from "./rules/browser";
import { Enrol } from "./screens/Enrol";
import { Leaving } from "./screens/Leaving";
import { Lock } from "./screens/Lock";
import { MapScreen } from "./screens/Map";
import { Me } from "./screens/Me";
import { ChoosePin } from "./screens/Pin";
import { Sending } from "./screens/Sending";
import { Today } from "./screens/Today";
import { VisitScreen } from "./screens/Visit";
import type { Mode } from "./store/cipher";
import { fact } from "./store/facts";
import { Notice } from "./ui/parts";
import { FullNotice } from "./ui/Storage";
import { useLive, useLockMode, useOnline } from "./ui/useLive";
import { chooseLanguage, language, t } from "./words";

export function App() {
  const [shown, setShown] = useState(language());
  const mode = useLockMode();
  useEffect(() => {
    document.documentElement.lang = shown === "zh" ? "zh-CN" : "en";
    document.title = `Fieldlot ${t("app")}`;
  }, [shown]);
  const turnLanguage = () => {
    chooseLanguage(shown === "zh" ? "en" : "zh");
    setShown(language());
  };
  return (
    <div class="phone" key={shown}>
      <UpdateNotice />
      <FullNotice />
      <WeChatNotice />
      {mode === "locked" ? <Closed turnLanguage={turnLanguage} /> : <Opened mode={mode} turnLanguage={turnLanguage} />}
    </div>
  );
}

interface Turned {
  turnLanguage: () => void;
}

function Closed({ turnLanguage }: Turned) {
  const route = useRoute();
  return <Lock code={route.screen === "enrol" ? route.code : ""} turnLanguage={turnLanguage} />;
}

/** Nothing below reads before there is a key, or before one was ever needed. */
function Opened({ mode, turnLanguage }: Turned & { mode: Mode }) {
  const route = useRoute();
  const known = useLive(readKnown);
  if (!known) return <p class="empty">{t("loading")}</p>;
  const enrols = !known.person || route.screen === "enrol";
  const code = route.screen === "enrol" ? route.code : "";
  return (
    <>
      {known.unknown ? <Unknown /> : null}
      {known.revoked ? (
        <Leaving />
      ) : enrols ? (
        <Enrol code={code} withPin={mode === "none"} turnLanguage={turnLanguage} />
      ) : mode === "none" ? (
        <ChoosePin />
      ) : (
        <Screen route={route} turnLanguage={turnLanguage} />
      )}
    </>
  );
}

async function readKnown() {
  const [person, revoked, unknown] = await Promise.all([fact("person"), fact("revoked"), fact("unknown")]);
  return { person, revoked, unknown };
}

function Screen({ route, turnLanguage }: { route: Route; turnLanguage: () => void }) {
  if (route.screen === "visit") return <VisitScreen key={route.taskId} taskId={route.taskId} />;
  if (route.screen === "map") return <MapScreen tourId={route.tourId} />;
  if (route.screen === "sending") return <Sending />;
  if (route.screen === "me") return <Me turnLanguage={turnLanguage} />;
  return <Today />;
}

function UpdateNotice() {
  const [ready, setReady] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => onUpdate(setReady), []);
  if (!ready) return null;
  return (
    <div class="strip">
      <Notice title={t("update.title")}>
        <p>{t(busy ? "update.busy" : "update.text")}</p>
        <button type="button" class="button button-primary" onClick={() => setBusy(!update())}>
          {t("update.now")}
        </button>
      </Notice>
    </div>
  );
}

/** WeChat may clear what it keeps at any time: people are told before they rely on it, and plainly once it is offline. */
function WeChatNotice() {
  const online = useOnline();
  if (!inWeChat(navigator.userAgent)) return null;
  return (
    <div class="strip">
      <Notice tone={online ? "warn" : "error"} title={t(online ? "wechat.title" : "wechat.offline_title")}>
        <p>{t("wechat.text")}</p>
      </Notice>
    </div>
  );
}

function Unknown() {
  return (
    <div class="strip">
      <Notice tone="error" title={t("unknown.title")}>
        <p>{t("unknown.text")}</p>
        <button type="button" class="button" onClick={() => void forgetEnrolment()}>
          {t("revoked.again")}
        </button>
      </Notice>
    </div>
  );
}
