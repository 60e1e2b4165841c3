// Builds the phone app into field_api/phone/dist, served at /field/, with its service worker beside it.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import release from "./package.json" with { type: "json" };

const PHONE = resolve(import.meta.dirname, "field_api/phone");
/** Files of public/, which are copied as they are. */
const COPIED = ["icon.svg", "icon-192.png", "icon-512.png", "manifest.webmanifest", "supported.js"];

/** Tells the service worker which files make up this build, so that the app opens without a network. */
function precache(): Plugin {
  return {
    name: "precache",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk") return;
        const built = Object.keys(bundle).filter((name) => name !== "sw.js" && !name.endsWith(".map"));
        const files = [...built, ...COPIED].sort();
        const seal = createHash("sha256").update(JSON.stringify(files)).update(worker.code);
        for (const part of Object.values(bundle)) seal.update(part.type === "chunk" ? part.code : part.source);
        const list = { version: seal.digest("hex").slice(0, 12), files };
        worker.code = worker.code.replace("__PRECACHE__", JSON.stringify(list));
      },
    },
  };
}

export default defineConfig({
  root: PHONE,
  base: "/field/",
  define: { __VERSION__: JSON.stringify(release.version) },
  plugins: [precache()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["chrome90", "edge90", "safari16.4"],
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: resolve(PHONE, "index.html"), sw: resolve(PHONE, "sw.ts") },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  test: { root: import.meta.dirname, include: ["tests/phone/**/*.test.ts", "tests/verifier/**/*.test.ts"] },
});
