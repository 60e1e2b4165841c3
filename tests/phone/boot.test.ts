// Before the app starts: browsers that cannot run it are told so by the page itself.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inWeChat } from "../../field_api/phone/rules/browser";

const SCRIPT = readFileSync("field_api/phone/public/supported.js", "utf8");

const WHOLE = {
  indexedDB: {},
  BroadcastChannel: {},
  CompressionStream: {},
  isSecureContext: true,
  crypto: { subtle: {} },
};
const LOCKS = { locks: {}, userAgent: "old/1" };
/** Patterns of Chromium 89. */
class OldPattern {
  constructor(_: string, flags: string) {
    throw new SyntaxError(`Invalid flags '${flags}'`);
  }
}

/** What the page's own script makes of a browser. */
function shown(window: object, navigator: object = LOCKS, patterns: unknown = RegExp): string | null {
  const nodes = { unsupported: { hidden: true }, lacks: { textContent: "" } };
  const app = { setAttribute: () => undefined };
  const document = {
    createElement: () => ({ noModule: false }),
    getElementById: (id: string) => ({ ...{ app }, ...nodes })[id as "app"],
  };
  new Function("window", "navigator", "document", "RegExp", SCRIPT)(window, navigator, document, patterns);
  return nodes.unsupported.hidden ? null : nodes.lacks.textContent;
}

describe("the page before the app", () => {
  it("says nothing in a browser that has all it needs", () => expect(shown(WHOLE)).toBeNull());

  it.each(["indexedDB", "BroadcastChannel", "CompressionStream"])("tells of a browser without %s", (name) => {
    const { [name as keyof typeof WHOLE]: _, ...rest } = WHOLE;
    expect(shown(rest)).toBe(`${name} · old/1`);
  });

  it("tells of a browser without locks, or as old as Chromium 89", () => {
    expect(shown(WHOLE, { userAgent: "old/1" })).toBe("locks · old/1");
    expect(shown(WHOLE, LOCKS, OldPattern)).toBe("regexp-d · old/1");
  });

  it("leaves an insecure address to the app, which explains it", () => {
    expect(shown({ ...WHOLE, isSecureContext: false, crypto: {} }, { userAgent: "x" })).toBeNull();
  });

  it("is written so that a browser of 2015 can read it", () => {
    expect(SCRIPT).not.toMatch(/=>|`|\b(let|const|async|class)\b|\?\.|\?\?/);
  });
});

it("WeChat is known by its own name", () => {
  expect(inWeChat("Mozilla/5.0 (Linux; Android 12) XWEB/5023 MMWEBSDK/1 MicroMessenger/8.0.30")).toBe(true);
  expect(inWeChat("Mozilla/5.0 (Linux; Android 12) Chrome/120.0")).toBe(false);
});
