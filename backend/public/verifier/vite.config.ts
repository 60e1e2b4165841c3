// Builds the verifier into one script, backend/look/dist/verifier.js, which the site serves and a saved page holds.
import { resolve } from "node:path";
import { defineConfig } from "vite";

const LOOK = resolve(import.meta.dirname, "../../look/dist");

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: LOOK,
    emptyOutDir: false,
    target: ["chrome90", "edge90", "safari16.4"],
    lib: {
      entry: resolve(import.meta.dirname, "main.ts"),
      formats: ["iife"],
      name: "verifier",
      fileName: () => "verifier.js",
    },
  },
});
