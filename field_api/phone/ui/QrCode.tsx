// A QR code as one SVG path, dark on white whatever the theme: scanners want that.
import { useEffect, useState } from "preact/hooks";

/** Dots of white around the code, which scanners need. */
const QUIET = 4;

/** `text` as a code, `label` for those who do not see it. Loaded only where one is shown. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [dots, setDots] = useState<boolean[][] | null>(null);
  useEffect(() => {
    const draw = async () => (await import("qr")).default(text, "raw", { ecc: "low", border: QUIET });
    draw().then(setDots, () => setDots(null)); // not loaded: the link stands below all the same
  }, [text]);
  if (!dots) return null;
  const side = dots.length;
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={pathOf(dots)} fill="#000" />
    </svg>
  );
}

/** Each row's runs of dark dots as rectangles. */
export function pathOf(dots: readonly (readonly boolean[])[]): string {
  return dots
    .map((row, y) =>
      runs(row)
        .map(([x, length]) => rectangle(x, y, length))
        .join(""),
    )
    .join("");
}

function rectangle(x: number, y: number, length: number): string {
  return `M${x} ${y}h${length}v1h-${length}z`;
}

function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  row.forEach((dark, x) => {
    const last = found[found.length - 1];
    if (dark && last && last[0] + last[1] === x) last[1] += 1;
    else if (dark) found.push([x, 1]);
  });
  return found;
}
