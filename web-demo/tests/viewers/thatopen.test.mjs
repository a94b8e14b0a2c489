// The adapter for ThatOpen components, with the real thing in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { palettes } from "@plancheck/viewers/core";

import { building, finding, idOf } from "./fixture.mjs";
import { nearest, openPage } from "./page.mjs";

const { text, elements } = building({ chairs: 4 });
const { pass, neutral, ...palette } = palettes.light;
let opened;
let page;

before(async () => {
  const webIfc = fileURLToPath(new URL("../../node_modules/web-ifc/", import.meta.url));
  opened = await openPage("thatopen", { "/model.ifc": { text }, "/web-ifc/": webIfc });
  page = opened.page;
  await page.evaluate(async () => {
    window.viewer = await start("model.ifc");
    // From the front, a little above.
    await viewer.world.camera.controls.setLookAt(5, 3, 16, 5, 2, -4, false);
    await viewer.fragments.core.update(true);
  });
});
after(() => opened?.end());

const colourAt = (name) => page.evaluate(async (id) => probe(viewer, await place(viewer, id)), idOf(name));
/** The Worker of fragments draws when it comes to it: waits until the colour is as expected. */
async function seen(name, expected) {
  let colour;
  for (
    const end = Date.now() + 8000;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 50))
  ) {
    colour = await colourAt(name);
    if (expected(colour)) return;
  }
  assert.fail(`${name} is ${colour}`);
}
const level = (name, level) => seen(name, (colour) => nearest(colour, palette) === level);
const same = (name, other) =>
  seen(name, (colour) => other.every((value, i) => Math.abs(value - colour[i]) < 3));
const differs = (name, other) =>
  seen(name, (colour) => other.some((value, i) => Math.abs(value - colour[i]) > 10));
const call = (method, ...given) =>
  page.evaluate(([method, given]) => marks[method](...given), [method, given]);
const pickAt = (name) =>
  page.evaluate(async (id) => {
    const { x, y } = await place(viewer, id);
    return marks.pick(x, y);
  }, idOf(name));

test("colours, picks, isolates, flies and clears", async () => {
  const original = await colourAt("Door 1");
  const pane = await colourAt("Window 1");
  await page.evaluate(
    async ([findings, elements]) => {
      window.marks = await viewers.highlight(viewer, findings, { elements });
    },
    [
      [finding("Door 1", "fail"), finding("Door 2", "undetermined"), finding("Stair", "fail", "warning")],
      elements,
    ],
  );
  await level("Door 1", "fail-error");
  await level("Door 2", "undetermined");

  const picked = await pickAt("Door 1");
  assert.equal(picked.globalId, idOf("Door 1"));
  assert.equal(picked.level, "fail-error");
  assert.equal(picked.findings.length, 1);

  await call("isolate", [idOf("Stair"), idOf("Door 1")]);
  await level("Flight 1", "fail-warning");
  const hidden = await pickAt("Wall above");
  assert.notEqual(hidden?.globalId, idOf("Wall above"));
  await call("isolate", null);
  assert.equal((await pickAt("Wall above")).globalId, idOf("Wall above"));

  const delta = {
    added: [finding("Window 1", "fail")],
    changed: [],
    resolved: [finding("Door 1", "fail").id],
  };
  assert.deepEqual((await call("update", delta)).sort(), [idOf("Door 1"), idOf("Window 1")].sort());
  await same("Door 1", original);
  await level("Window 1", "fail-error");

  const wall = await colourAt("Wall above");
  await call("setOptions", { others: "fade" });
  await differs("Wall above", wall);
  await call("setOptions", { others: "keep" });
  await same("Wall above", wall);
  await call("select", idOf("Door 1"));
  await level("Door 1", "selection");
  await call("select", null);

  assert.equal(await call("flyTo", idOf("Door 2"), { duration: 0 }), true);
  const there = await page.evaluate((id) => place(viewer, id), idOf("Door 2"));
  assert.ok(Math.hypot(there.x - 200, there.y - 150) < 4, JSON.stringify(there));
  assert.equal(await call("flyTo", "not in the model"), false);

  await call("clear");
  await page.evaluate(() => viewer.world.camera.controls.setLookAt(5, 3, 16, 5, 2, -4, false));
  await same("Door 1", original);
  await same("Window 1", pane);
});
