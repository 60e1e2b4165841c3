// Photos within the app: the watermark is seen over the live picture, the photo's own bytes bear none of it.
import { useEffect, useState } from "preact/hooks";
import { recentFix } from "../net/position";
import { isoLocal } from "../rules/today";
import type { Fix } from "../store/db";
import type { ProblemBody } from "../types";
import { t } from "../words";
import { asTold } from "./failures";
import { takePicture } from "./media";
import { Icon, Problem } from "./parts";
import { Viewfinder } from "./Viewfinder";

/** As wide as common sensors are; the browser takes what the camera has. */
const WIDTH_PX = 4096;
const TICK_MS = 1_000;

interface Props {
  /** What is photographed: the entity, the item. */
  lines: readonly string[];
  keep: (file: File, fix: Fix | null) => Promise<void>;
  onClose: () => void;
}

export function Camera({ lines, keep, onClose }: Props) {
  const [eye, setEye] = useState<{ video: HTMLVideoElement; stream: MediaStream } | null>(null);
  const [taken, setTaken] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const shoot = async () => {
    if (!eye) return;
    setBusy(true);
    const told = await shot(eye.video, eye.stream, keep).then(() => null, asTold);
    setProblem(told);
    setBusy(false);
    if (!told) setTaken((count) => count + 1);
  };
  return (
    <Viewfinder
      title={t("camera.title")}
      width={WIDTH_PX}
      over={<Watermark lines={lines} />}
      onReady={(video, stream) => setEye({ video, stream })}
      onClose={onClose}
    >
      {problem ? <Problem problem={problem} /> : null}
      <footer class="finder-foot">
        <p class="num" role="status">
          {taken ? t("camera.taken", { count: taken }) : t("camera.untouched")}
        </p>
        <button type="button" class="release" disabled={!eye || busy} aria-label={t("check.photo")} onClick={shoot} />
        <button type="button" class="button" onClick={onClose}>
          <Icon name="check" />
          {t("camera.done")}
        </button>
      </footer>
    </Viewfinder>
  );
}

async function shot(video: HTMLVideoElement, stream: MediaStream, keep: Props["keep"]): Promise<void> {
  const fix = recentFix();
  const picture = await takePicture(video, stream);
  const ending = picture.type === "image/png" ? "png" : "jpg";
  const name = `camera-${isoLocal(new Date()).slice(0, 19).replaceAll(":", "")}.${ending}`;
  await keep(new File([picture], name, { type: picture.type }), fix);
}

/** Name, time and place as the watermarked copy will bear them. */
function Watermark({ lines }: { lines: readonly string[] }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const fix = recentFix();
  return (
    <div class="watermark">
      {lines.map((line, at) => (at === 0 ? <b key={line}>{line}</b> : <span key={line}>{line}</span>))}
      <span class="num">{isoLocal(now).slice(0, 19).replace("T", " ")}</span>
      <span class="num">{fix ? placeOf(fix) : t("camera.no_fix")}</span>
    </div>
  );
}

function placeOf({ lon, lat, accuracy }: Fix): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)} ±${Math.round(accuracy)} m`;
}
