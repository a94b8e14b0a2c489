// The package in Node.

import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

import { createCheckerOn } from "./checker.js";
import { inlinePort } from "./engine/inline.js";
import { openInNode, threadPort } from "./node-thread.js";
import { type Platform, compileResponse } from "./platform.js";
import type { Checker, CheckerOptions } from "./types.js";

export * from "./shared.js";

const platform: Platform = {
  open: openInNode,
  startInline: (events) => inlinePort(openInNode, events),
  movesBlobs: false,
  // What is no URL is a path; a single letter before a colon is a drive.
  resolve: (address) =>
    /^[a-z][a-z+.-]+:/i.test(String(address)) ? String(address) : pathToFileURL(String(address)).href,
  engine: () => platform.compileFrom(new URL("../wasm/engine_bg.wasm", import.meta.url).href),
  compileFrom: async (url) =>
    url.startsWith("file:")
      ? WebAssembly.compile(await readFile(fileURLToPath(url)))
      : compileResponse(await fetch(url)),
  startEngine: (events) => threadPort(new URL("./engine/worker-node.js", import.meta.url), events),
};

/** Makes a checker. Rejects with `PlancheckError`; a module that cannot be used is no error, `modules()` says so. */
export function createChecker(options: CheckerOptions): Promise<Checker> {
  return createCheckerOn(platform, options);
}
