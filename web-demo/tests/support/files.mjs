// Where things are. What a test needs and is not there makes it fail, saying how it is made; only models that
// belong to somebody else may be missing, and that is said loudly.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const packageFolder = `${root}web-demo/packages/engine/`;
const target = process.env.CARGO_TARGET_DIR ? `${process.env.CARGO_TARGET_DIR}/` : `${root}target/`;

/** The path, if it is there. */
export function made(path, how) {
  if (!existsSync(path)) throw new Error(`${path} is missing: ${how}`);
  return path;
}

export const program = () => made(`${target}debug/plancheck`, "run `cargo build` in the checkout");
export const hostileFolder = () =>
  made(`${target}plancheck/hostile/`, "run `cargo run -p plancheck-hostile -- target/plancheck/hostile`");
export const modulesFolder = () => made(`${target}plancheck/modules/`, "run `./x wasm`");

/** Paths of the modules that are built into the program, in its order. */
export function moduleFiles() {
  const folder = modulesFolder();
  const files = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  if (files.length < 2) throw new Error(`${folder} holds ${files.length} modules: run \`./x wasm\``);
  return files.sort().map((name) => folder + name);
}

export const hostile = (name) => made(`${hostileFolder()}${name}.wasm`, "that name is not in tests/hostile");
export const office = `${root}demo/office.ifc`;

const sharedFolder = `${process.env.PLANCHECK_SHARED ?? `${root}../shared`}/data/ifc/`;

/** Models that others made, sorted by name; none where they are not at hand. */
export function sharedModels() {
  if (!existsSync(sharedFolder)) return [];
  return readdirSync(sharedFolder)
    .filter((name) => name.endsWith(".ifc"))
    .sort()
    .map((name) => ({ name, path: sharedFolder + name }));
}

/** The model of 27 MB on which latencies are measured. */
export function largeModel() {
  return sharedModels().find((model) => model.name.includes("janesville"));
}

/** Says that something was not tested, where nobody can overlook it. */
export function skippedLoudly(test, what) {
  console.error(`\n!!!! SKIPPED: ${what} !!!!\n`);
  test.skip(what);
}

export const bytesOf = (path) => new Uint8Array(readFileSync(path));
