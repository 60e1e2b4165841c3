// Recording sound or video in pieces without a gap: the next piece begins before the last one ends.
import { type Kind, PIECE_MS, plainType, recordingType } from "../rules/recording";
import { closeMedia, openMedia } from "./media";

const SOUND_BITS = 32_000;
const VIDEO_BITS = 1_000_000;

export interface Piece {
  blob: Blob;
  type: string;
  ending: string;
  begun: Date;
}

export interface Recording {
  kind: Kind;
  since: number;
  stream: MediaStream;
  /** End it; the last piece comes before the promise is kept. */
  stop: () => Promise<void>;
}

/** What runs, and what went wrong last: the error as it was thrown. */
export interface State {
  running: Recording | null;
  failed: unknown;
}

let state: State = { running: null, failed: null };
const listeners = new Set<(state: State) => void>();

function become(next: Partial<State>): void {
  state = { ...state, ...next };
  for (const hear of listeners) hear(state);
}

/** Hear of every change, and of how it is now. Returns how to stop. */
export function onRecording(hear: (state: State) => void): () => void {
  listeners.add(hear);
  hear(state);
  return () => void listeners.delete(hear);
}

/** End what is being recorded, if anything is: a record must not be sealed before its last piece is kept. */
export async function endRecording(): Promise<void> {
  await state.running?.stop();
}

/** Begin, unless something runs. `keep` hears of each piece; what fails is told to those who listen. */
export async function startRecording(kind: Kind, keep: (piece: Piece) => Promise<void>): Promise<void> {
  if (state.running) return;
  become({ failed: null });
  const kept = (piece: Piece) => keep(piece).catch((failed) => become({ failed }));
  try {
    become({ running: await record(kind, kept, () => become({ running: null })) });
  } catch (failed) {
    become({ failed });
  }
}

/** `ended` hears when it is over, whoever ended it. Raises NoCamera. */
async function record(kind: Kind, keep: (piece: Piece) => Promise<void>, ended: () => void): Promise<Recording> {
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 640 }, height: { ideal: 480 } };
  const stream = await openMedia({ audio: true, video: kind === "video" ? video : false });
  let piece = begin(kind, stream, keep);
  const turn = () => {
    const last = piece;
    piece = begin(kind, stream, keep);
    return last.end();
  };
  const timer = setInterval(() => void turn(), PIECE_MS[kind]);
  const whenHidden = () => (document.visibilityState === "hidden" ? void turn() : undefined);
  document.addEventListener("visibilitychange", whenHidden);
  const stop = async () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", whenHidden);
    await piece.end();
    closeMedia(stream);
    ended();
  };
  for (const track of stream.getTracks()) track.onended = () => void stop();
  return { kind, since: Date.now(), stream, stop };
}

/** One piece: a file of its own that plays by itself. */
function begin(kind: Kind, stream: MediaStream, keep: (piece: Piece) => Promise<void>): { end: () => Promise<void> } {
  const mimeType = recordingType(kind, (type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType ? { mimeType } : {}),
    audioBitsPerSecond: SOUND_BITS,
    videoBitsPerSecond: VIDEO_BITS,
  });
  const begun = new Date();
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void (data.size && parts.push(data));
  const whole = new Promise<void>((done, fail) => {
    recorder.onstop = () => {
      const named = plainType(recorder.mimeType, kind);
      const blob = new Blob(parts, { type: named.type });
      if (blob.size) keep({ blob, begun, ...named }).then(done, fail);
      else done();
    };
  });
  recorder.start();
  const end = () => {
    if (recorder.state !== "inactive") recorder.stop();
    return whole;
  };
  return { end };
}
