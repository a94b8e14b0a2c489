// In Chromium: the report is the host's, byte for byte, of every model that is at hand; under a strict content
// security policy, without a word in the console.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, test } from "node:test";

import { fromPage, startEnginePage, toText } from "../support/engine-page.mjs";
import { moduleFiles, office, sharedModels, skippedLoudly } from "../support/files.mjs";
import { hostReport } from "../support/plancheck.mjs";
import { sameReport } from "../support/reports.mjs";

const browser = await startEnginePage();
after(() => browser.end());
const { page, complaints } = await browser.open();
const modules = moduleFiles();
await page.evaluate(
  async (modules) => {
    window.checker = await window.plancheck.createChecker({ modules });
  },
  modules.map((path) => `/modules/${basename(path)}`),
);

const validated = async (url) =>
  fromPage(
    await page.evaluate(`(async () => {
      await checker.load(${JSON.stringify(url)});
      return (${toText})((await checker.validate()).bytes);
    })()`),
  );

test("the demo office", async () => {
  sameReport(await validated("/demo/office.ifc"), await hostReport(office, modules), "office");
});

test("a dropped file, a response, and bytes", async () => {
  const expected = await hostReport(office, modules);
  const sources = {
    file: "new File([await (await fetch('/demo/office.ifc')).blob()], 'office.ifc')",
    response: "await fetch('/demo/office.ifc')",
    stream: "(await fetch('/demo/office.ifc')).body",
    bytes: "await (await fetch('/demo/office.ifc')).arrayBuffer()",
  };
  for (const [name, source] of Object.entries(sources)) {
    const found = await page.evaluate(`(async () => {
      await checker.load(${source});
      return (${toText})((await checker.validate()).bytes);
    })()`);
    sameReport(fromPage(found), expected, name);
  }
});

test("in the page's own thread, where that is wanted", async () => {
  const expected = await hostReport(office, modules);
  const found = await page.evaluate(`(async () => {
    const modules = ${JSON.stringify(modules.map((path) => `/modules/${basename(path)}`))};
    const checker = await plancheck.createChecker({ modules, run: "inline" });
    await checker.load("/demo/office.ifc");
    return (${toText})((await checker.validate()).bytes);
  })()`);
  sameReport(fromPage(found), expected, "inline");
});

test("edits, and what an element is", async () => {
  const found = await page.evaluate(async () => {
    const { checker } = window;
    await checker.load("/demo/office.ifc");
    const { report } = await checker.validate();
    const of = (finding) => finding.rule === "egress-door-clear-width" && finding.verdict === "fail";
    const finding = report.findings.find(of);
    const element = finding.element.global_id;
    const before = await checker.element(element);
    const wide = { op: "set_attribute", element, name: "OverallWidth", value: 2 };
    const { delta, milliseconds } = await checker.edit(wide);
    return { id: finding.id, subject: before.subject, delta, milliseconds };
  });
  assert.equal(found.subject, "door");
  assert.ok(found.milliseconds > 0);
  const gone = found.delta.resolved.includes(found.id);
  assert.ok(
    gone || found.delta.changed.some((finding) => finding.id === found.id),
    "the finding is not what it was",
  );
});

test("models that others made", async (t) => {
  const models = sharedModels();
  if (models.length === 0) return skippedLoudly(t, "the shared models are not at hand (PLANCHECK_SHARED)");
  assert.ok(models.length >= 5, "five models at least");
  for (const { name, path } of models) {
    await t.test(name, async () => {
      sameReport(await validated(`/shared/${name}`), await hostReport(path, modules), name);
    });
  }
});

test("nothing was said in the console", () => assert.deepEqual(complaints, []));
