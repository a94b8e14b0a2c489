// A module that loops, grows, lies or breaks down costs its own rules and nothing else, and the report says so
// in the words of the host. In Chromium; the page goes on meanwhile.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, test } from "node:test";

import { fromPage, startEnginePage, toText } from "../support/engine-page.mjs";
import { office } from "../support/files.mjs";
import { beside, hostileModules, hostileReport, sameAsHost } from "../support/hostile.mjs";
import { hostReport } from "../support/plancheck.mjs";
import { within } from "../support/reports.mjs";

const browser = await startEnginePage();
after(() => browser.end());
const alone = await hostReport(office, [beside()]);

for (const name of hostileModules()) {
  test(name, async () => {
    const expected = await hostileReport(name);
    const { page, complaints, close } = await browser.open();
    const checked = page.evaluate(`(async () => {
      let frames = 0;
      const frame = () => (frames += 1, requestAnimationFrame(frame));
      frame();
      const modules = ${JSON.stringify([`/hostile/${name}.wasm`, `/modules/${basename(beside())}`])};
      const checker = await plancheck.createChecker({ modules });
      await checker.load("/demo/office.ifc");
      const started = performance.now();
      const { bytes } = await checker.validate();
      const took = performance.now() - started;
      checker.close();
      return { report: (${toText})(bytes), frames, took };
    })()`);
    const { report, frames } = await within(60_000, checked);
    sameAsHost(name, fromPage(report), expected, alone);
    assert.ok(frames > 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("after a deadline the next check does not wait for a new worker", async () => {
  const { page, close } = await browser.open();
  const found = await page.evaluate(
    async (modules) => {
      const checker = await window.plancheck.createChecker({ modules, limits: { moduleDeadline: 1_000 } });
      await checker.load("/demo/office.ifc");
      const codes = [];
      checker.on("module-failed", ({ code }) => codes.push(code));
      await checker.validate();
      const { elements } = await checker.elements();
      const door = elements.find((element) => element.class === "IfcDoor").global_id;
      const edit = { op: "set_attribute", element: door, name: "OverallWidth", value: 1 };
      await checker.edit(edit);
      checker.close();
      return codes;
    },
    ["/hostile/endless-loop.wasm", `/modules/${basename(beside())}`],
  );
  assert.ok(found.length >= 1);
  assert.ok(found.every((code) => code === "deadline"));
  await close();
});
