// Builds the one look into backend/look/dist: look.css, icons.svg with the icons named in icons.txt, htmx.min.js.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "lightningcss";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const installed = createRequire(import.meta.url);
const folderOf = (name) => dirname(installed.resolve(`${name}/package.json`));
const OLDEST = { chrome: 90 << 16, edge: 90 << 16, safari: (16 << 16) | (4 << 8), firefox: 102 << 16 };

/** The style sheet of base.css and what it imports, for the oldest browsers that are supported. */
function styles() {
  return bundle({ filename: join(HERE, "base.css"), minify: true, targets: OLDEST }).code;
}

/** One icon of lucide as a symbol; class `icon` gives it stroke and size. */
async function symbol(name) {
  const file = join(folderOf("lucide-static"), "icons", `${name}.svg`);
  if (!existsSync(file)) throw new Error(`icons.txt：lucide 没有图标“${name}”。 / lucide has no icon "${name}".`);
  const [, shapes] = (await readFile(file, "utf8")).match(/<svg[^>]*>([\s\S]*)<\/svg>/);
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
}

/** The sprite: `<use href="/look/icons.svg#name"/>`. */
async function sprite() {
  const names = (await readFile(join(HERE, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

await mkdir(DIST, { recursive: true });
await writeFile(join(DIST, "look.css"), styles());
await writeFile(join(DIST, "icons.svg"), await sprite());
await copyFile(join(folderOf("htmx.org"), "dist", "htmx.min.js"), join(DIST, "htmx.min.js"));
