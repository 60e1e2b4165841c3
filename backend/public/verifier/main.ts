// One script for both: in a page it draws the verifier, in a worker it does the work. So a saved page needs no second file.
import { Page } from "./page";
import { check } from "./work";

if (typeof document === "undefined") {
  self.onmessage = ({ data }: MessageEvent<string>) => check(data, (message) => self.postMessage(message));
} else {
  const script = document.currentScript as HTMLScriptElement;
  const at = document.getElementById("verifier");
  if (at) new Page(at, () => new Worker(source(script)));
}

/** The script's own address, or one made of its text where it stands in a saved page. */
function source(script: HTMLScriptElement): string {
  return script.src || URL.createObjectURL(new Blob([script.text], { type: "text/javascript" }));
}
