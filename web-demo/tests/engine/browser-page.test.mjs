// The page goes on while a model is read and judged, and can call it off.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, test } from "node:test";

import { startEnginePage } from "../support/engine-page.mjs";
import { moduleFiles } from "../support/files.mjs";

const browser = await startEnginePage();
after(() => browser.end());
const { page, complaints } = await browser.open();

before(async () => {
  await page.evaluate(
    async (modules) => {
      window.checker = await window.plancheck.createChecker({ modules });
      // A large model: the office, and a million records that nobody needs.
      const office = await (await fetch("/demo/office.ifc")).text();
      const records = [];
      for (let id = 1_000_000; id < 2_000_000; id += 1)
        records.push(`#${id}=IFCCARTESIANPOINT((0.,1.,2.));\n`);
      const end = office.lastIndexOf("ENDSEC;");
      window.large = new Blob([office.slice(0, end), records.join(""), office.slice(end)]);
    },
    moduleFiles().map((path) => `/modules/${basename(path)}`),
  );
});

test("frames are drawn while a large model is read and judged", async () => {
  const found = await page.evaluate(async () => {
    const gaps = [];
    let last = performance.now();
    let running = true;
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      if (running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const started = performance.now();
    const { records } = await window.checker.load(window.large);
    await window.checker.validate();
    running = false;
    return { records, took: performance.now() - started, longest: Math.max(...gaps), frames: gaps.length };
  });
  assert.ok(found.records > 1_000_000);
  assert.ok(found.took > 100, `it took ${found.took} ms: too little to see anything`);
  assert.ok(found.frames > 5, `${found.frames} frames in ${found.took} ms`);
  assert.ok(found.longest < found.took / 3, `${found.longest} ms without a frame, of ${found.took} ms`);
});

test("a load that is called off rejects at once; what comes after works", async () => {
  const found = await page.evaluate(async () => {
    const { checker, large } = window;
    const named = (promise) =>
      promise.then(
        () => "done",
        (error) => error.code ?? error.name,
      );
    const controller = new AbortController();
    const loading = checker.load(large, { signal: controller.signal, onProgress: () => controller.abort() });
    const name = await loading.then(
      () => "done",
      (error) => error.name,
    );
    const model = await named(checker.validate());
    await checker.load("/demo/office.ifc");
    const { report } = await checker.validate();
    return { name, model, fail: report.summary.fail };
  });
  assert.equal(found.name, "AbortError");
  assert.equal(found.model, "no-model");
  assert.ok(found.fail > 0);
});

test("closing ends the workers", async () => {
  const count = () => page.workers().length;
  assert.equal(count(), 3, "the engine's, and one for each module");
  const code = await page.evaluate(async () => {
    const loading = window.checker.load(window.large).catch((error) => error.code);
    window.checker.close();
    return loading;
  });
  assert.equal(code, "closed");
  for (let tries = 0; count() > 0 && tries < 50; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(count(), 0);
});

test("nothing was said in the console", () => assert.deepEqual(complaints, []));
