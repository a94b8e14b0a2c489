// Small screens: a telephone shows one panel at a time, a tablet all of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findingRows, loaded, open, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";

let browser, site;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
});
after(async () => {
  await browser?.close();
  await site?.end();
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const panels = ["side", "viewport", "details"];

/** Panels that can be seen. */
const seen = (page) =>
  page.evaluate(
    (panels) =>
      panels.filter((id) => document.getElementById(id).checkVisibility({ visibilityProperty: true })),
    panels,
  );
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const pane = (page, name) => page.locator("#panes button", { hasText: name });

test("on a telephone: start, findings, details, model, one at a time and as wide as the screen", async () => {
  const { page, wrong, close } = await open(browser, site.url, phone);
  await page.waitForSelector(".code-list");
  assert.equal(await overflow(page), 0);
  assert.equal(await page.locator("#panes").isVisible(), false);
  await page.getByRole("button", { name: "Try the demo office" }).tap();
  await loaded(page);
  assert.deepEqual(await seen(page), ["side"]);
  assert.ok((await findingRows(page).count()) >= 6, "findings fit on the screen");

  await findingRows(page).first().tap();
  await page.waitForSelector("#finding-title");
  assert.deepEqual(await seen(page), ["details"]);
  assert.match(await page.textContent("#details"), /Space 201 Conference Room/);
  const box = await page.locator("#finding-title").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y < 400, "its title is in sight");

  await pane(page, "Model").tap();
  assert.deepEqual(await seen(page), ["viewport"]);
  const canvas = await page.locator("canvas").boundingBox();
  assert.ok(canvas.width === 390 && canvas.height > 400, JSON.stringify(canvas));
  await pane(page, "Findings").tap();
  assert.deepEqual(await seen(page), ["side"]);
  assert.equal(await page.locator("#finding-list [aria-selected=true]").isVisible(), true);

  // What an edit did is seen where it was made.
  await pane(page, "Details").tap();
  await page
    .getByRole("button", { name: /^Edit Use/ })
    .first()
    .tap();
  await page.locator("form.editor [name=value]").fill("Office");
  await page.keyboard.press("Enter");
  const change = page.locator("#details .change");
  await change.waitFor();
  assert.match(await change.textContent(), /verdicts? changed in/i);
  const { y, height } = await change.boundingBox();
  const top = await page.locator("#details").evaluate((node) => node.getBoundingClientRect().top);
  assert.ok(Math.abs(y - top) < 2 && height < 120, "at the top of the panel, however far it is scrolled");
  assert.equal(await overflow(page), 0);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("on a telephone menus and dialogs are within the screen, and what is tapped is large enough", async () => {
  const { page, close } = await open(browser, site.url, phone);
  await page.waitForSelector(".code-list");
  await page.getByRole("button", { name: "Try the demo office" }).tap();
  await loaded(page);
  for (const menu of ["model", "place", "report", "filter"]) {
    await page.tap(`[aria-controls="menu-${menu}"]`);
    const box = await page.locator(`#menu-${menu}`).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390, `${menu} ${JSON.stringify(box)}`);
    await page.keyboard.press("Escape");
  }
  await page.tap('[aria-label^="Help"]');
  const dialog = await page.locator("dialog").boundingBox();
  assert.ok(dialog.x >= 0 && dialog.x + dialog.width <= 390);
  await page.keyboard.press("Escape");
  // WCAG 2.2, 2.5.8: at least 24 pixels.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input")]
      .filter(
        (node) => node.checkVisibility({ visibilityProperty: true }) && !node.classList.contains("link"),
      )
      .map((node) => [node.textContent.trim() || node.id, node.getBoundingClientRect().height])
      .filter(([, height]) => height < 24),
  );
  assert.deepEqual(small, []);
  await close();
});

for (const [name, viewport] of [
  ["standing", { width: 768, height: 1024 }],
  ["lying", { width: 1024, height: 768 }],
]) {
  test(`on a tablet, ${name}: all panels, each of a useful size, none over another`, async () => {
    const { page, wrong, close } = await open(browser, `${site.url}?sample=office`, { viewport });
    await loaded(page);
    assert.deepEqual(await seen(page), panels);
    assert.equal(await page.locator("#panes").isVisible(), false);
    const boxes = await Promise.all(panels.map((id) => page.locator(`#${id}`).boundingBox()));
    for (const { width, height } of boxes) assert.ok(width >= 320 && height >= 280, JSON.stringify(boxes));
    const apart = (a, b) =>
      a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    assert.ok(apart(boxes[0], boxes[1]) && apart(boxes[1], boxes[2]) && apart(boxes[0], boxes[2]));
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await wrong(), []);
    await close();
  });
}
