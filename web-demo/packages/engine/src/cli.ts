#!/usr/bin/env node
// Takes the core module out of a module file, for runtimes that compile only at deployment.

import { readFile, writeFile } from "node:fs/promises";

import { loadFace } from "./engine/face.js";
import { problemOf } from "./errors.js";
import { DEFAULT_LIMITS, PAGE } from "./limits.js";

const [file, out, ...rest] = process.argv.slice(2);
if (file === undefined || out === undefined || rest.length > 0 || file.startsWith("-")) {
  console.error(`usage: plancheck-core FILE.wasm OUT.wasm

Takes the one core module out of a module file of Plancheck and limits its memory to
${DEFAULT_LIMITS.moduleMemory >> 20} MiB. Give both to createChecker as {component, core} where code is only
compiled at deployment.`);
  process.exit(2);
}
try {
  const engine = await readFile(new URL("../wasm/engine_bg.wasm", import.meta.url));
  const { face } = await loadFace(await WebAssembly.compile(engine));
  const component = new Uint8Array(await readFile(file));
  await writeFile(out, face.moduleCore(component, DEFAULT_LIMITS.moduleMemory / PAGE));
} catch (error) {
  console.error(`plancheck-core: ${problemOf(error).message}`);
  process.exitCode = 1;
}
