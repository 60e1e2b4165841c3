// The camera and microphone as the app uses them: opened, shown, closed, and what to say when they cannot be.

/** The camera or microphone was refused, is missing, or is in use; `reason` is the browser's name for it. */
export class NoCamera extends Error {
  constructor(readonly reason: string) {
    super("no-camera");
  }
}

/** Can this browser show a camera within the page at all? */
export function hasCamera(): boolean {
  return Boolean(navigator.mediaDevices?.getUserMedia);
}

/** Open camera or microphone. Raises NoCamera. */
export async function openMedia(wanted: MediaStreamConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (error) {
    throw new NoCamera(error instanceof Error ? error.name : String(error));
  }
}

/** The camera at the back, with pictures at most so wide (pixels). */
export function backCamera(width: number): MediaStreamConstraints {
  return { video: { facingMode: { ideal: "environment" }, width: { ideal: width } }, audio: false };
}

export function closeMedia(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const QUALITY = 0.92;

/** A picture: the camera's own where the browser gives it, else the frame that is shown. Raises Error without either. */
export async function takePicture(video: HTMLVideoElement, stream: MediaStream): Promise<Blob> {
  return (await fromSensor(stream)) ?? (await fromFrame(video));
}

/** Chromium's ImageCapture; Safari has none, and some phones fail at it. */
async function fromSensor(stream: MediaStream): Promise<Blob | null> {
  const track = stream.getVideoTracks()[0];
  if (!track || !("ImageCapture" in window)) return null;
  try {
    const capture = new (window as unknown as { ImageCapture: ImageCaptureClass }).ImageCapture(track);
    const photo = await capture.takePhoto();
    return photo.type.startsWith("image/") && photo.size > 0 ? photo : null;
  } catch {
    return null;
  }
}

type ImageCaptureClass = new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> };

function fromFrame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}
