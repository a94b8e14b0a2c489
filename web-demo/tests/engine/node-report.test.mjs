// In Node: the report is the host's, byte for byte, of every model that is at hand.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { bytesOf, moduleFiles, office, sharedModels, skippedLoudly } from "../support/files.mjs";
import { hostReport } from "../support/plancheck.mjs";
import { read, sameReport, withoutPlace } from "../support/reports.mjs";

const modules = moduleFiles();
const checker = await createChecker({ modules });
after(() => checker.close());

test("the demo office", async () => {
  const summary = await checker.load(office);
  assert.equal(summary.format, "ifc");
  assert.ok(summary.elements > 50);
  const { bytes, report, milliseconds } = await checker.validate();
  sameReport(bytes, await hostReport(office, modules), "office");
  assert.ok(report.summary.fail > 0, "the demo has defects");
  assert.equal(report.summary.complete, true);
  assert.ok(milliseconds > 0);
  assert.deepEqual(report, read(bytes));
  assert.deepEqual(checker.engine, report.engine);
});

test("with all that passes", async () => {
  await checker.load(office);
  const plain = await checker.validate();
  const detailed = await checker.validate({ detail: true });
  sameReport(detailed.bytes, await hostReport(office, modules, "--show", "all"), "office in detail");
  assert.ok(detailed.report.findings.length > plain.report.findings.length);
  sameReport((await checker.validate()).bytes, plain.bytes, "office, plain again");
});

test("for a place", async () => {
  await checker.load(office);
  await checker.setJurisdiction("us/ca/san-francisco");
  const { bytes } = await checker.validate();
  const program = await hostReport(office, modules, "--jurisdiction", "us/ca/san-francisco");
  sameReport(bytes, withoutPlace(program), "San Francisco");
  await checker.setJurisdiction("");
});

test("without threads of its own", async () => {
  const inline = await createChecker({ modules, run: "inline" });
  await inline.load(bytesOf(office));
  sameReport((await inline.validate()).bytes, await hostReport(office, modules), "office, inline");
  inline.close();
});

test("models that others made", async (t) => {
  const models = sharedModels();
  if (models.length === 0) return skippedLoudly(t, "the shared models are not at hand (PLANCHECK_SHARED)");
  assert.ok(models.length >= 5, "five models at least");
  for (const { name, path } of models) {
    await t.test(name, async () => {
      await checker.load(path);
      const { bytes } = await checker.validate();
      sameReport(bytes, await hostReport(path, modules), name);
    });
  }
});
