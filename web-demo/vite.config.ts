// The app is built with relative addresses, so that it works at any path of any server, or of none.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const modulesDir = process.env["PLANCHECK_MODULES"] ?? join(root, "target/plancheck/modules");
const samples: Record<string, string> = { "samples/office.ifc": join(root, "demo/office.ifc") };

interface Shipped {
  path: string;
  source: Buffer;
}

/** The module files under names that change with their content, and the index that lists them. */
function shippedModules(): Shipped[] {
  const names = existsSync(modulesDir)
    ? readdirSync(modulesDir)
        .filter((name) => name.endsWith(".wasm"))
        .sort()
    : [];
  if (names.length === 0) {
    console.warn(`no modules in ${modulesDir}: the app is built without codes; run ./x wasm first`);
  }
  const modules = names.map((name) => {
    const source = readFileSync(join(modulesDir, name));
    const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
    const id = name.replace(/\.wasm$/, "");
    return { id, path: `assets/${id}-${hash}.wasm`, source };
  });
  const index = { modules: modules.map(({ id, path, source }) => ({ id, url: path, bytes: source.length })) };
  return [...modules, { path: "modules.json", source: Buffer.from(`${JSON.stringify(index, null, 1)}\n`) }];
}

function shipped(): Shipped[] {
  const files = Object.entries(samples).map(([path, file]) => ({ path, source: readFileSync(file) }));
  return [...shippedModules(), ...files];
}

/** Puts modules and samples beside the app: into the build, and into what the dev server serves. */
function plancheckFiles(): Plugin {
  return {
    name: "plancheck-files",
    generateBundle() {
      for (const { path, source } of shipped()) this.emitFile({ type: "asset", fileName: path, source });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.replace(/[?#].*$/, "").slice(1);
        const file = shipped().find((candidate) => candidate.path === path);
        if (!file) return next();
        const type = path?.endsWith(".wasm")
          ? "application/wasm"
          : path?.endsWith(".json")
            ? "application/json"
            : "text/plain";
        response.setHeader("Content-Type", type);
        response.end(file.source);
      });
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [plancheckFiles()],
  // Its worker is found beside it.
  optimizeDeps: { exclude: ["@plancheck/viewers", "@plancheck/engine", "web-ifc"] },
  worker: { format: "es" },
  build: {
    target: "es2022",
    // Strict CSP: fonts and images are files, never data: addresses; no inline polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
});
