// The package in a page.

import { createCheckerOn } from "./checker.js";
import { openByFetch } from "./engine/read.js";
import { type Platform, compileResponse } from "./platform.js";
import { latePort } from "./port.js";
import type { Checker, CheckerOptions } from "./types.js";
import { workerPort } from "./web-worker.js";

export * from "./shared.js";

const platform: Platform = {
  open: openByFetch,
  // Most pages never need it here.
  startInline: (events) => {
    const coming = import("./engine/inline.js").then(({ inlinePort }) => inlinePort(openByFetch, events));
    return latePort(coming, events);
  },
  movesBlobs: true,
  resolve: (address) => new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href).href,
  engine: () => platform.compileFrom(new URL("../wasm/engine_bg.wasm", import.meta.url).href),
  compileFrom: async (url) => compileResponse(await fetch(url)),
  startEngine: (events) =>
    workerPort(
      () =>
        new Worker(new URL("./engine/worker.js", import.meta.url), {
          type: "module",
          name: "plancheck-engine",
        }),
      events,
    ),
};

/** Makes a checker. Rejects with `PlancheckError`; a module that cannot be used is no error, `modules()` says so. */
export function createChecker(options: CheckerOptions): Promise<Checker> {
  return createCheckerOn(platform, options);
}
