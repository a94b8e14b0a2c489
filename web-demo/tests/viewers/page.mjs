// Builds a page of `pages/` as an app would, with Vite, and opens it in Chromium with WebGL in software.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

import { startBrowser } from "../support/browser.mjs";
import { made } from "../support/files.mjs";
import { serve } from "../support/static-server.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
export const webgl = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
/** Chromium says that reading pixels is slow; tests do that. */
export const unexpected = (complaints) =>
  complaints.filter((complaint) => !complaint.includes("GL Driver Message"));

/** As strict as the app's own. */
const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data:; " +
  "connect-src 'self' blob: data:; worker-src 'self' blob:";

/** `files`: models by the path that the page fetches them from. */
export async function openPage(name, files = {}) {
  made(`${here}../../packages/viewers/dist/three/index.js`, "run `npm run build -w @plancheck/viewers`");
  const out = mkdtempSync(join(tmpdir(), "plancheck-viewers-"));
  await build({
    configFile: false,
    root: `${here}pages`,
    base: "./",
    logLevel: "error",
    worker: { format: "es" },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 20_000,
      rollupOptions: { input: `${here}pages/${name}.html` },
    },
  });
  const server = await serve({ "/": `${out}/`, ...files }, { "content-security-policy": CSP });
  const browser = await startBrowser(webgl);
  const { page, complaints } = await browser.page(`${server.url}/${name}.html`);
  return {
    page,
    complaints,
    async end() {
      await browser.end();
      await server.end();
      rmSync(out, { recursive: true, force: true });
    },
  };
}

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Hue and saturation do not change much with light: the nearest of some colours, whatever its brightness. */
export function nearest(pixel, colours) {
  const unit = (rgb) => {
    const length = Math.hypot(...rgb) || 1;
    return rgb.map((value) => value / length);
  };
  const seen = unit(pixel.slice(0, 3));
  const distance = (hex) => Math.hypot(...unit(channels(hex)).map((value, i) => value - seen[i]));
  return Object.entries(colours).sort(([, a], [, b]) => distance(a) - distance(b))[0][0];
}
