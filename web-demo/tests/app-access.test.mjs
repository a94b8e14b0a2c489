// Everyone can use it: axe-core finds nothing serious in either theme, and no part needs a mouse.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { findingRows, loaded, open, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, site;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
});
after(async () => {
  await browser?.close();
  await site?.end();
});

/** Serious and critical violations of the page or a part of it, as rule and place. */
async function violations(page, part = "html") {
  return page.evaluate(async (part) => {
    const { violations } = await globalThis.axe.run(part, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`),
      );
  }, part);
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe-core, ${colorScheme}`, async () => {
    // The policy of the page forbids a script of the test's own; the rest of the page is as served.
    const { page, close } = await open(browser, site.url, { colorScheme, bypassCSP: true });
    await page.evaluate(axe);
    await page.waitForSelector(".code-list");
    assert.deepEqual(await violations(page), [], "empty");
    await page.getByRole("button", { name: "Try the demo office" }).click();
    await loaded(page);
    await findingRows(page).first().click();
    await page.waitForSelector("#details .fold");
    await page.evaluate(() =>
      document.querySelectorAll("#details .fold").forEach((fold) => (fold.open = true)),
    );
    await page.locator("#details [data-edit]").first().click();
    assert.deepEqual(await violations(page), [], "finding and editor");
    await page.keyboard.press("Escape");
    for (const tab of ["readiness", "edits", "modules"]) {
      await page.click(`#tab-${tab}`);
      assert.deepEqual(await violations(page, "#side"), [], tab);
    }
    await page.click("#tab-findings");
    for (const menu of ["model", "place", "report", "filter", "storey", "display"]) {
      await page.click(`[aria-controls="menu-${menu}"]`);
      assert.deepEqual(await violations(page, `#menu-${menu}`), [], `menu ${menu}`);
      await page.keyboard.press("Escape");
    }
    await page.click("body", { position: { x: 640, y: 24 } });
    await page.keyboard.press("x");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    assert.deepEqual(await violations(page, "dialog"), [], "help");
    await close();
  });
}

test("from the first key press to a finding's value without a mouse", async () => {
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector(".code-list");
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      if (wanted.test(await focused())) return;
    }
    assert.fail(`Tab does not reach ${wanted}`);
  };
  await tabTo(/^Skip to/);
  await tabTo(/Try the demo office/);
  await page.keyboard.press("Enter");
  await loaded(page);
  await page.focus("#tab-findings");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.getAttribute("#tab-readiness", "aria-selected"), "true");
  await page.keyboard.press("ArrowLeft");
  await page.focus("#finding-list");
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "finding-title");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.getElementById("details")?.contains(document.activeElement)));
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  assert.deepEqual(await wrong(), []);
  await close();
});
