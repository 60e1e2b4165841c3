// Sending a photo's bytes by tus: resumed where the last try ended, in pieces small enough for a weak signal.
import { DetailedError, Upload } from "tus-js-client";
import { openBytes } from "../store/cipher";
import type { Photo } from "../store/db";
import { asProblem, BASE, NoAnswer, postTicket, ServerProblem } from "./api";

const PIECE_BYTES = 1024 * 1024;

/** Upload a photo; `started` hears of the upload's address as soon as there is one. Raises ServerProblem, NoAnswer. */
export async function upload(photo: Photo, started: (url: string) => Promise<void>): Promise<void> {
  if (!photo.bytes) return;
  const bytes = await openBytes(photo.bytes);
  const { ticket } = await postTicket({
    evidence_id: photo.id,
    task_id: photo.taskId,
    sha256: photo.sha256,
    size: photo.size,
  });
  await new Promise<void>((done, fail) => {
    const sending: Upload = new Upload(bytes, {
      endpoint: `${BASE}/uploads`,
      uploadUrl: photo.uploadUrl,
      metadata: metadata(photo),
      chunkSize: PIECE_BYTES,
      // The queue decides about trying again, so that all work shares one order and one back-off.
      retryDelays: null,
      storeFingerprintForResuming: false,
      headers: { Authorization: `Bearer ${ticket}` },
      onUploadUrlAvailable: () => (sending.url ? started(sending.url) : undefined),
      onSuccess: () => done(),
      onError: (error) => fail(told(error)),
    });
    sending.start();
  });
}

/** Upload-Metadata as the field API takes it; all values are texts. */
export function metadata(photo: Photo): Record<string, string> {
  const { fix } = photo;
  const place = fix
    ? { lon: String(fix.lon), lat: String(fix.lat), accuracy: String(fix.accuracy), fixed_at: fix.at }
    : {};
  return {
    filename: photo.name,
    filetype: photo.type,
    sha256: photo.sha256,
    evidence_id: photo.id,
    task_id: photo.taskId,
    item: photo.item === null ? "" : String(photo.item),
    taken_at: photo.takenAt,
    clock_offset_ms: String(photo.clockOffsetMs),
    ...(photo.purpose === "signature" ? { purpose: photo.purpose } : {}),
    ...place,
  };
}

function told(error: Error): Error {
  if (error instanceof ServerProblem || error instanceof NoAnswer) return error;
  const response = error instanceof DetailedError ? error.originalResponse : null;
  if (!response) return new NoAnswer(error.message);
  return new ServerProblem(asProblem(parsed(response.getBody()), { status: response.getStatus(), statusText: "" }));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
