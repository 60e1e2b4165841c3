// A sheet over the whole screen to sign on with a finger: black on white, cleared and redone, cut to what was drawn.
import { useEffect, useRef, useState } from "preact/hooks";
import type SignaturePad from "signature_pad";
import { t } from "../words";
import { Icon } from "./parts";

const MARGIN_PX = 16;
/** Beyond this, more pixels make the file larger and the signature no clearer. */
const MOST_RATIO = 2;

interface Props {
  title: string;
  /** What is being signed, in a line. */
  note?: string;
  onDone: (png: Blob) => void;
  onClose: () => void;
}

/** Nothing is kept before the signer says that it is done: half a signature is none. */
export function SignatureDialog({ title, note, onDone, onClose }: Props) {
  const sheet = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [empty, setEmpty] = useState(true);
  useEffect(() => sheet.current?.showModal(), []);
  useEffect(() => attach(canvas.current, pad, () => setEmpty(false)), []);
  const clear = () => {
    pad.current?.clear();
    setEmpty(true);
  };
  const done = async () => {
    const png = canvas.current && pad.current ? await drawn(canvas.current, pad.current) : null;
    if (png) onDone(png);
  };
  return (
    <dialog ref={sheet} class="sheet sign-sheet" aria-label={title} onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="sheet-close" aria-label={t("close")} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      {note ? <p class="muted small">{note}</p> : null}
      <div class="sign-field" data-empty={empty}>
        <canvas ref={canvas} role="img" aria-label={t(empty ? "sign.field_empty" : "sign.field_drawn")} />
        {empty ? <span aria-hidden="true">{t("sign.here")}</span> : null}
      </div>
      <footer>
        <button type="button" class="button" disabled={empty} onClick={clear}>
          {t("sign.clear")}
        </button>
        <button type="button" class="button button-primary" disabled={empty} onClick={() => void done()}>
          {t("sign.done")}
        </button>
      </footer>
    </dialog>
  );
}

/** Bring canvas and pad together, and keep the strokes when the phone is turned. Returns how to take them apart. */
function attach(canvas: HTMLCanvasElement | null, pad: { current: SignaturePad | null }, drew: () => void): () => void {
  if (!canvas) return () => undefined;
  let gone = false;
  const watch = new ResizeObserver(() => pad.current && fit(canvas, pad.current));
  void import("signature_pad").then(({ default: Pad }) => {
    if (gone) return;
    pad.current = new Pad(canvas, { backgroundColor: "#fff", penColor: "#111", minWidth: 1, maxWidth: 3.2 });
    pad.current.addEventListener("endStroke", drew);
    watch.observe(canvas);
  });
  return () => {
    gone = true;
    watch.disconnect();
    pad.current?.off();
  };
}

function fit(canvas: HTMLCanvasElement, pad: SignaturePad): void {
  const ratio = ratioNow();
  const strokes = pad.toData();
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d")?.scale(ratio, ratio);
  pad.fromData(strokes);
}

function ratioNow(): number {
  return Math.min(MOST_RATIO, Math.max(1, devicePixelRatio));
}

/** The strokes with a margin, as PNG; null when nothing was drawn. */
function drawn(canvas: HTMLCanvasElement, pad: SignaturePad): Promise<Blob | null> {
  const points = pad.toData().flatMap((stroke) => stroke.points);
  if (!points.length) return Promise.resolve(null);
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  const [left, top] = [Math.min(...xs) - MARGIN_PX, Math.min(...ys) - MARGIN_PX];
  const [width, height] = [Math.max(...xs) - left + MARGIN_PX, Math.max(...ys) - top + MARGIN_PX];
  const ratio = ratioNow();
  const cut = document.createElement("canvas");
  cut.width = Math.ceil(width * ratio);
  cut.height = Math.ceil(height * ratio);
  const pen = cut.getContext("2d");
  if (!pen) return Promise.resolve(null);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, cut.width, cut.height);
  pen.drawImage(canvas, -left * ratio, -top * ratio);
  return new Promise((done) => cut.toBlob(done, "image/png"));
}
