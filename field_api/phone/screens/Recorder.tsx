// 全过程记录: sound or video of the visit, begun and ended by the officers, running on from step to step.
import { useEffect, useRef, useState } from "preact/hooks";
import { recentFix } from "../net/position";
import { duration, type Kind, readableSize } from "../rules/recording";
import { readable } from "../rules/today";
import type { Photo, Visit } from "../store/db";
import { removePhoto } from "../store/photos";
import { keepRecording } from "../store/recordings";
import type { ProblemBody } from "../types";
import { asTold } from "../ui/failures";
import { hasCamera } from "../ui/media";
import { Icon, Problem } from "../ui/parts";
import { endRecording, onRecording, type Piece, type Recording, type State, startRecording } from "../ui/record";
import { useObjectUrl } from "../ui/useObjectUrl";
import { t } from "../words";

/** What runs, shown on every step; leaving the visit ends it. */
export function RecordingBar() {
  const { running, failed } = useRecording();
  useEffect(() => () => void endRecording(), []);
  if (!running && !failed) return null;
  return (
    <section class="strip" aria-label={t("record.title")}>
      <div class="card recorder">
        {running ? <Running running={running} /> : null}
        {failed ? <Problem problem={asTold(failed)} /> : null}
      </div>
    </section>
  );
}

function useRecording(): State {
  const [state, setState] = useState<State>({ running: null, failed: null });
  useEffect(() => onRecording(setState), []);
  return state;
}

interface Props {
  visit: Visit;
  photos: readonly Photo[];
}

/** Where recording is begun, and what was recorded. */
export function Recorder({ visit, photos }: Props) {
  const { running } = useRecording();
  return (
    <section class="card recorder">
      <h2>{t("record.title")}</h2>
      <p class="muted small">{t("record.text")}</p>
      {running ? null : <Start visit={visit} />}
      <Pieces visit={visit} photos={photos} />
    </section>
  );
}

async function keepPiece(visit: Visit, piece: Piece): Promise<void> {
  const name = `${piece.type.startsWith("audio") ? "sound" : "video"}-${stamp(piece.begun)}.${piece.ending}`;
  await keepRecording(visit.id, visit.taskId, { ...piece, name }, recentFix());
}

function stamp(moment: Date): string {
  return moment.toISOString().slice(0, 19).replaceAll(":", "");
}

function Running({ running }: { running: Recording }) {
  const [now, setNow] = useState(Date.now());
  const view = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (!view.current || running.kind !== "video") return;
    view.current.srcObject = running.stream;
    void view.current.play();
  }, [running]);
  return (
    <div class="recording">
      {running.kind === "video" ? <video ref={view} playsInline muted aria-label={t("camera.live")} /> : null}
      <span class="on-air" aria-hidden="true" />
      <b>{t(`record.running_${running.kind}`)}</b>
      <span class="num">{duration(now - running.since)}</span>
      <button type="button" class="button" onClick={() => void endRecording()}>
        <Icon name="stop" />
        {t("record.stop")}
      </button>
    </div>
  );
}

function Start({ visit }: { visit: Visit }) {
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  const begin = (kind: Kind) => void startRecording(kind, (piece) => keepPiece(visit, piece));
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    const made = { blob: file, type: file.type, name: file.name, begun: new Date(file.lastModified) };
    setProblem(await keepRecording(visit.id, visit.taskId, made, recentFix()).then(() => null, asTold));
    input.value = "";
  };
  return (
    <>
      <div class="record-buttons">
        {hasCamera() && "MediaRecorder" in window ? (
          <>
            <button type="button" class="button" onClick={() => begin("audio")}>
              <Icon name="mic" />
              {t("record.audio")}
            </button>
            <button type="button" class="button" onClick={() => begin("video")}>
              <Icon name="video" />
              {t("record.video")}
            </button>
          </>
        ) : null}
        <label class="button file-button">
          <input
            type="file"
            accept="video/*,audio/*"
            capture="environment"
            onChange={(event) => void take(event.currentTarget)}
          />
          <Icon name="camera" />
          {t("record.phone")}
        </label>
      </div>
      {problem ? <Problem problem={problem} /> : null}
    </>
  );
}

/** What was recorded, to be heard and, while a draft, removed. */
function Pieces({ visit, photos }: Props) {
  const pieces = photos.filter((photo) => photo.purpose === "recording");
  if (!pieces.length) return null;
  return (
    <details class="pieces">
      <summary>{t("record.pieces", { count: pieces.length, size: readableSize(sum(pieces)) })}</summary>
      <ul class="plain">
        {pieces.map((piece) => (
          <PieceLine key={piece.id} piece={piece} remove={() => void removePhoto(visit.id, piece.id)} />
        ))}
      </ul>
    </details>
  );
}

function sum(pieces: readonly Photo[]): number {
  return pieces.reduce((all, piece) => all + piece.size, 0);
}

function PieceLine({ piece, remove }: { piece: Photo; remove: () => void }) {
  const url = useObjectUrl(piece.bytes, piece.id);
  const Player = piece.type.startsWith("video") ? "video" : "audio";
  const when = readable(piece.takenAt, new Date());
  const ask = () => (confirm(t("record.remove_sure")) ? remove() : undefined);
  return (
    <li>
      <span class="num small">{when}</span>
      {url ? <Player src={url} controls preload="none" aria-label={t("record.piece", { time: when })} /> : null}
      <button type="button" class="button" aria-label={`${t("record.remove")} ${when}`} onClick={ask}>
        <Icon name="x" />
      </button>
    </li>
  );
}
