// Recordings: which type is made, how it is named, how long it runs.
import { expect, it } from "vitest";
import { duration, plainType, readableSize, recordingType } from "../../field_api/phone/rules/recording";

it("records what the browser can, else what it chooses itself", () => {
  expect(recordingType("audio", () => true)).toBe("audio/webm;codecs=opus");
  expect(recordingType("audio", (type) => type === "audio/mp4")).toBe("audio/mp4"); // Safari
  expect(recordingType("video", () => false)).toBe("");
});

it("names files by their plain type", () => {
  expect(plainType("audio/webm;codecs=opus", "audio")).toEqual({ type: "audio/webm", ending: "webm" });
  expect(plainType("audio/mp4", "audio")).toEqual({ type: "audio/mp4", ending: "m4a" });
  expect(plainType("", "video")).toEqual({ type: "video/webm", ending: "webm" });
});

it("tells minutes, seconds and sizes", () => {
  expect([0, 65_000, -1, 3_600_000].map(duration)).toEqual(["0:00", "1:05", "0:00", "60:00"]);
  expect([100, 1_572_864, 10_744_233_984].map(readableSize)).toEqual(["1 KB", "1.5 MB", "10.0 GB"]);
});
