// Room on the phone, told in time: before a visit, while photos are taken, and when something could not be kept.
import { useEffect, useState } from "preact/hooks";
import { isFull, photosLeft, roomOf } from "../rules/room";
import { db } from "../store/db";
import { clearedSince, keepReserve, onFull, roomNow, tellFull } from "../store/room";
import { t } from "../words";
import { Notice } from "./parts";
import { useLive } from "./useLive";

/** A warning where room runs low; nothing otherwise. */
export function StorageWarning() {
  const room = useLive(readRoom);
  if (!room || roomOf(room) === "ample") return null;
  const percent = Math.round((100 * room.usage) / room.quota);
  const short = roomOf(room) === "short";
  return (
    <Notice tone={short ? "error" : "warn"} title={t("today.storage_title")}>
      <p>{t("today.storage", { percent })}</p>
      <p>{t("storage.photos_left", { count: photosLeft(room) })}</p>
    </Notice>
  );
}

async function readRoom() {
  await db.photos.count(); // look again whenever photos come or go
  return roomNow();
}

/** On every screen: something could not be kept for want of room. */
export function FullNotice() {
  const [full, setFull] = useState(false);
  const [still, setStill] = useState(false);
  useEffect(() => onFull(setFull), []);
  useEffect(() => {
    const hear = ({ reason }: PromiseRejectionEvent) => (isFull(reason) ? tellFull() : undefined);
    addEventListener("unhandledrejection", hear);
    return () => removeEventListener("unhandledrejection", hear);
  }, []);
  if (!full) return null;
  return (
    <div class="strip">
      <Notice tone="error" title={t("storage.full_title")}>
        <p>{t("storage.full")}</p>
        {still ? <p>{t("storage.still_full")}</p> : null}
        <button type="button" class="button" onClick={() => void keepReserve().then((kept) => setStill(!kept))}>
          {t("storage.freed")}
        </button>
      </Notice>
    </div>
  );
}

/** What the enrolment screen says where the browser's data was cleared. */
export function ClearedNotice() {
  const since = useLive(clearedSince);
  if (!since) return null;
  return (
    <Notice tone="error" title={t("storage.cleared_title")}>
      <p>{t("storage.cleared", { time: since.toLocaleDateString("zh-CN") })}</p>
    </Notice>
  );
}
