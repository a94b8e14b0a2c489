// A module that loops, grows, lies or breaks down costs its own rules and nothing else, and the report says so
// in the words of the host. In Node.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { hostile, office } from "../support/files.mjs";
import { beside, hostileModules, hostileReport, sameAsHost } from "../support/hostile.mjs";
import { hostReport } from "../support/plancheck.mjs";
import { read, within } from "../support/reports.mjs";

const alone = await hostReport(office, [beside()]);

async function checked(name) {
  const checker = await createChecker({ modules: [hostile(name), beside()] });
  const failures = [];
  checker.on("module-failed", (failure) => failures.push(failure));
  await checker.load(office);
  const { bytes } = await checker.validate();
  const modules = checker.modules();
  checker.close();
  return { bytes, failures, modules };
}

const codes = new Set();
for (const name of hostileModules()) {
  test(name, async () => {
    const [{ bytes, failures, modules }, expected] = await Promise.all([
      within(60_000, checked(name)),
      hostileReport(name),
    ]);
    sameAsHost(name, bytes, expected, alone);
    const report = read(bytes);
    const [module] = report.ruleset.modules;
    const [rule] = report.rules.filter((rule) => rule.module === module.id);
    const problem = module.problem ?? rule?.problem;
    if (problem) codes.add(problem.code);
    assert.equal(report.summary.complete, problem === undefined);
    // What only the manifest shows to be wrong, the engine finds when it takes the answer: the report says it.
    const told = rule?.problem?.message.startsWith("`message[") ? undefined : rule?.problem?.code;
    assert.equal(failures[0]?.code, told);
    assert.equal(modules[0].status, module.problem ? "unavailable" : "ready");
  });
}

test("all kinds of failure were seen", () => {
  const wanted = [
    "deadline",
    "out-of-memory",
    "stack-overflow",
    "trap",
    "answer-too-large",
    "bad-answer",
    "bad-manifest",
  ];
  wanted.push(
    "truncated",
    "not-a-component",
    "wrong-world",
    "undeclared-import",
    "outside-profile",
    "function-too-large",
    "too-many-functions",
  );
  assert.deepEqual(
    wanted.filter((code) => !codes.has(code)),
    [],
  );
});
