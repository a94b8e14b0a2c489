// The app's own modules in Node: TypeScript goes through Vite, as in the build.
import { fileURLToPath } from "node:url";

import { createServer } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Loads files of src/; `end` lets go of them. */
export async function source(...paths) {
  const server = await createServer({
    root,
    logLevel: "error",
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const modules = await Promise.all(paths.map((path) => server.ssrLoadModule(`/src/${path}`)));
  return { modules, end: () => server.close() };
}
