// What hostile modules come to, in the host and here.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

import { hostile, hostileFolder, moduleFiles, office } from "./files.mjs";
import { hostReport } from "./plancheck.mjs";
import { read, sameReport } from "./reports.mjs";

/** Names of all hostile modules. */
export function hostileModules() {
  const names = readdirSync(hostileFolder()).filter((name) => name.endsWith(".wasm"));
  assert.ok(names.length >= 30, `${names.length} hostile modules are too few: are they all there?`);
  return names.map((name) => name.replace(/\.wasm$/, "")).sort();
}

/** An honest module that stands beside each hostile one. */
export const beside = () => moduleFiles().find((path) => path.endsWith("us-ada-2010.wasm"));

/** The host's report of the office with a hostile module and an honest one. */
export const hostileReport = (name) => hostReport(office, [hostile(name), beside()]);

/**
 * Modules of which the two say the same in other words: what is not valid, JavaScript engines describe their own
 * way, and what has a manifest that is not UTF-8 or broken pointers is told by whoever reads it.
 */
const otherWords = new Set(["truncated", "not-a-component", "wrong-world", "undeclared-import"]);

/** A report without the words of a module's problem. */
function withoutWords(bytes) {
  const report = read(bytes);
  for (const module of report.ruleset.modules) if (module.problem) module.problem.message = "…";
  // It is made of the problems too.
  report.ruleset.digest = "…";
  return new TextEncoder().encode(JSON.stringify(report));
}

/** Holds a report with a hostile module against the host's, and what the honest one says against what it says alone. */
export function sameAsHost(name, found, expected, alone) {
  if (otherWords.has(name)) sameReport(withoutWords(found), withoutWords(expected), name);
  else sameReport(found, expected, name);
  const rules = (bytes) => read(bytes).rules.filter((rule) => rule.module === "us-ada-2010");
  assert.ok(rules(alone).length > 5);
  assert.deepEqual(rules(found), rules(alone), `${name} costs only its own rules`);
}
