// Is something going on that must not be ended by locking: a recording, or a photo in the camera's own app?
import { onRecording } from "./record";

let recording = false;
let picking = false;

/** Begin to watch. Which files are being picked is seen on the page as a whole. */
export function watchBusy(): void {
  onRecording(({ running }) => {
    recording = running !== null;
  });
  const isFileInput = ({ target }: Event) => target instanceof HTMLInputElement && target.type === "file";
  document.addEventListener("click", (event) => {
    if (isFileInput(event)) picking = true;
  });
  for (const end of ["change", "cancel"])
    document.addEventListener(
      end,
      (event) => {
        if (isFileInput(event)) picking = false;
      },
      true,
    );
}

export function isBusy(): boolean {
  return recording || picking;
}
