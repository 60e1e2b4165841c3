// Sound and video of a whole visit: kept, sealed and sent like photos, of no item.
import { newId, sha256 } from "../net/keys";
import { isoLocal } from "../rules/today";
import { sealBytes } from "./cipher";
import { type Fix, type Photo, unsent } from "./db";
import { clockOffset } from "./facts";
import { addPhoto } from "./photos";

/** The file is neither sound nor video. */
export class NotARecording extends Error {
  constructor(readonly file: string) {
    super("not-a-recording");
  }
}

interface Made {
  blob: Blob;
  type: string;
  name: string;
  begun: Date;
}

/** Keep a recording in a draft. Raises NotARecording, and DOMException when storage is full. */
export async function keepRecording(visitId: string, taskId: string, made: Made, fix: Fix | null): Promise<void> {
  if (made.blob.size === 0 || !/^(audio|video)\//.test(made.type)) throw new NotARecording(made.name);
  const [digest, clockOffsetMs] = await Promise.all([made.blob.arrayBuffer().then(sha256), clockOffset()]);
  const facts = { id: newId(), taskId, name: made.name, type: made.type, size: made.blob.size, sha256: digest };
  const photo: Photo = {
    ...unsent,
    ...facts,
    item: null,
    purpose: "recording",
    bytes: await sealBytes(made.blob),
    thumb: null,
    takenAt: isoLocal(made.begun),
    fix,
    clockOffsetMs,
    seq: 0,
    uploadUrl: null,
    state: "kept",
  };
  await addPhoto(visitId, photo);
}
