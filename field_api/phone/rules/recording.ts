// Sound and video of a visit (全过程记录): in pieces, so that a phone that dies loses the last one at most.

export type Kind = "audio" | "video";

/** How long a piece is, in milliseconds: some hundred KB of sound, some MB of video. */
export const PIECE_MS: Record<Kind, number> = { audio: 120_000, video: 30_000 };

const WANTED: Record<Kind, readonly string[]> = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/mp4", "video/webm"],
};

/** The first type that the browser can record, or "" for its own choice. */
export function recordingType(kind: Kind, can: (type: string) => boolean): string {
  return WANTED[kind].find(can) ?? "";
}

/** The plain type and the ending of a file's name: "audio/webm;codecs=opus" → audio/webm, webm. */
export function plainType(type: string, kind: Kind): { type: string; ending: string } {
  const plain = type.split(";")[0]?.trim().toLowerCase() || `${kind}/webm`;
  const ending = plain === "audio/mp4" ? "m4a" : (plain.split("/")[1] ?? "webm");
  return { type: plain, ending };
}

/** "1:05" for 65,000 milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** "14 KB", "3.2 MB" or "10.0 GB" for so many bytes. */
export function readableSize(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10)} KB`;
  const [size, unit] = bytes < 2 ** 30 ? [2 ** 20, "MB"] : [2 ** 30, "GB"];
  return `${(bytes / size).toFixed(1)} ${unit}`;
}
