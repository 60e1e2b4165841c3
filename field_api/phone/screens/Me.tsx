// This phone: whose it is, which version, which language.
import { readableSize } from "../rules/recording";
import { db } from "../store/db";
import { fact } from "../store/facts";
import { keepForGood, roomNow } from "../store/room";
import { Bar } from "../ui/parts";
import { SyncPill } from "../ui/Sync";
import { useLive } from "../ui/useLive";
import { t } from "../words";
import { MovingCard } from "./Moving";
import { PinCard } from "./Pin";

export function Me({ turnLanguage }: { turnLanguage: () => void }) {
  const facts = useLive(readFacts);
  return (
    <>
      <Bar title={t("me.title")} back="#/">
        <SyncPill />
      </Bar>
      <main class="screen">
        {facts ? (
          <dl class="card kv">
            {facts.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}.`}>{value}</dd>])}
          </dl>
        ) : null}
        <button type="button" class="button button-wide" onClick={turnLanguage}>
          {t("me.language")} · {t("other_language")}
        </button>
        <MovingCard />
        <PinCard />
        <p class="muted small">{t("sync.kept")}</p>
      </main>
    </>
  );
}

async function readFacts(): Promise<[string, string][]> {
  const [person, identity, offset = 0] = await Promise.all([fact("person"), fact("identity"), fact("clockOffsetMs")]);
  const unit = typeof person?.unit === "string" ? person.unit : person?.unit.name;
  await db.photos.count(); // look again whenever photos come or go
  const [{ usage, quota }, kept] = await Promise.all([roomNow(), keepForGood()]);
  return [
    [t("me.person"), person?.name ?? ""],
    [t("me.unit"), unit ?? ""],
    [t("me.device"), identity?.deviceId ?? ""],
    [t("me.clock"), t("me.clock_value", { seconds: (offset / 1000).toFixed(1) })],
    [t("me.storage"), t("me.storage_value", { used: readableSize(usage), all: readableSize(quota) })],
    [t("me.kept"), t(kept ? "me.kept_for_good" : "me.kept_at_will")],
    [t("me.version"), __VERSION__],
  ];
}
