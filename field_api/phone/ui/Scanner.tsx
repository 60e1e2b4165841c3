// Scanning a code: by the browser's own detector where there is one, else by a decoder that is loaded then.
import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";
import { Viewfinder } from "./Viewfinder";

const WIDTH_PX = 1280;
const PAUSE_MS = 200;
/** Licences bear QR codes; some goods and cards bear bars. */
const FORMATS = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13"];

interface Detector {
  detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

interface Props {
  onFound: (text: string) => void;
  onClose: () => void;
}

export function Scanner({ onFound, onClose }: Props) {
  const looking = useRef(true);
  useEffect(() => {
    return () => {
      looking.current = false;
    };
  }, []);
  return (
    <Viewfinder
      title={t("scan.title")}
      width={WIDTH_PX}
      over={<div class="aim" aria-hidden="true" />}
      onReady={(video) => void look(video, looking).then((text) => text && onFound(text))}
      onClose={onClose}
    >
      <p class="muted" role="status">
        {t("scan.looking")}
      </p>
    </Viewfinder>
  );
}

/** Look at frame after frame until a code is read, or nobody looks any more. */
async function look(video: HTMLVideoElement, looking: { current: boolean }): Promise<string | null> {
  const detector = await detectorOf();
  while (looking.current) {
    const found = await detector.detect(video).catch(() => []);
    const text = found[0]?.rawValue.trim();
    if (text && looking.current) return text;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

async function detectorOf(): Promise<Detector> {
  const native = (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  const supported = native ? await native.getSupportedFormats().catch(() => []) : [];
  const formats = FORMATS.filter((format) => supported.includes(format));
  if (native && formats.includes("qr_code")) return new native({ formats });
  const { BarcodeDetector } = await import("qr/decode.js");
  return new BarcodeDetector({ formats: ["qr_code"] });
}
