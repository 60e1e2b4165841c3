// A sheet with the live picture of the camera at the back, for photos and for scanning.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemBody } from "../types";
import { t } from "../words";
import { asTold } from "./failures";
import { backCamera, closeMedia, openMedia } from "./media";
import { Icon, Problem } from "./parts";

interface Props {
  title: string;
  /** How wide the picture is asked for, in pixels. */
  width: number;
  /** What lies over the picture. */
  over?: ComponentChildren;
  onReady: (video: HTMLVideoElement, stream: MediaStream) => void;
  onClose: () => void;
  children?: ComponentChildren;
}

export function Viewfinder({ title, width, over, onReady, onClose, children }: Props) {
  const sheet = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<ProblemBody | null>(null);
  useEffect(() => sheet.current?.showModal(), []);
  useEffect(() => show(video.current, width, onReady, (error) => setProblem(asTold(error))), []);
  return (
    <dialog ref={sheet} class="sheet finder" aria-label={title} onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="sheet-close" aria-label={t("close")} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      <div class="finder-view">
        <video ref={video} playsInline muted aria-label={t("camera.live")} />
        {over}
      </div>
      {problem ? <Problem problem={problem} /> : null}
      {children}
    </dialog>
  );
}

/** Open the camera and show it. Returns how to close it, also while it is still opening. */
function show(
  video: HTMLVideoElement | null,
  width: number,
  ready: Props["onReady"],
  failed: (error: unknown) => void,
): () => void {
  let stream: MediaStream | null = null;
  let gone = false;
  const open = async () => {
    const opened = await openMedia(backCamera(width));
    if (gone || !video) return closeMedia(opened);
    stream = opened;
    video.srcObject = opened;
    await video.play();
    ready(video, opened);
  };
  open().catch((error) => (gone ? undefined : failed(error)));
  return () => {
    gone = true;
    closeMedia(stream);
  };
}
