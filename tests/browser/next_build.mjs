// Builds the phone app under another version into a folder: node next_build.mjs VERSION FOLDER.
import { build } from "vite";

const [version, outDir] = process.argv.slice(2);
await build({ logLevel: "error", define: { __VERSION__: JSON.stringify(version) }, build: { outDir, emptyOutDir: true } });
