// The package at the edge (workerd): no threads, and no code is compiled while it runs.

import { createCheckerOn } from "./checker.js";
import { inlinePort } from "./engine/inline.js";
import { openByFetch } from "./engine/read.js";
import { PlancheckError } from "./errors.js";
import type { Platform } from "./platform.js";
import type { Checker, CheckerOptions } from "./types.js";

export * from "./shared.js";

const compiled = () =>
  Promise.reject(
    new PlancheckError(
      "no-engine",
      "give the engine as a WebAssembly.Module, imported from @plancheck/engine/engine.wasm",
    ),
  );

const platform: Platform = {
  open: openByFetch,
  startInline: (events) => inlinePort(openByFetch, events),
  movesBlobs: true,
  resolve: (address) => new URL(address).href,
  engine: compiled,
  compileFrom: compiled,
};

/** Makes a checker. Rejects with `PlancheckError`; a module that cannot be used is no error, `modules()` says so. */
export function createChecker(options: CheckerOptions): Promise<Checker> {
  return createCheckerOn(platform, options);
}
