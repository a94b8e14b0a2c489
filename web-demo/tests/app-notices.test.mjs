// Notices: errors that cost nothing go by themselves, not while somebody reads them; fatal ones stay.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, loaded, open, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { hostile, moduleFiles } from "./support/files.mjs";

let browser, site;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
});
after(async () => {
  await browser?.close();
  await site?.end();
});

const words = { name: "rules.ids", bytes: Buffer.from("<ids/>") };

/** A page with an error that costs nothing: an IDS document without a model. The clock is the test's. */
async function refused() {
  const opened = await open(browser, site.url);
  await opened.page.waitForSelector(".code-list");
  await opened.page.clock.install();
  await drop(opened.page, [words]);
  const notice = opened.page.locator(".notice.error");
  await notice.waitFor();
  return { ...opened, notice };
}

test("an error goes after a while", async () => {
  const { page, notice, wrong, close } = await refused();
  await page.clock.runFor(10_000);
  assert.equal(await notice.count(), 1, "there is time to read it");
  await page.clock.runFor(3_000);
  assert.equal(await notice.count(), 0);
  assert.deepEqual(await wrong(), []);
  await close();
});

for (const [how, hold, leave] of [
  ["points at it", (page) => page.hover(".notice"), (page) => page.mouse.move(5, 400)],
  [
    "has the focus in it",
    (page) => page.focus(".notice button"),
    (page) => page.evaluate(() => document.activeElement.blur()),
  ],
]) {
  test(`it stays while somebody ${how}, and goes after that`, async () => {
    const { page, notice, close } = await refused();
    await hold(page);
    await page.clock.runFor(60_000);
    assert.equal(await notice.count(), 1);
    await leave(page);
    await page.clock.runFor(15_000);
    assert.equal(await notice.count(), 0);
    await close();
  });
}

test("it can be closed, by the keyboard too", async () => {
  const { page, notice, close } = await refused();
  await page.focus(".notice button");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Dismiss");
  await page.keyboard.press("Enter");
  await notice.waitFor({ state: "detached" });
  await close();
});

test("that a module failed stays until it is closed", async () => {
  const [ada] = moduleFiles();
  const modules = [
    { id: "us-ada-2010", url: "honest.wasm", bytes: 0 },
    { id: "trap", url: "trap.wasm", bytes: 0 },
  ];
  const own = await serveApp("/", {
    "/modules.json": { text: JSON.stringify({ modules }), as: ".json" },
    "/honest.wasm": ada,
    "/trap.wasm": hostile("panic"),
  });
  const { page, close } = await open(browser, own.url);
  await page.waitForSelector(".code-list");
  await page.clock.install();
  await page.getByRole("button", { name: "Try the demo office" }).click();
  await loaded(page);
  const notice = page.locator(".notice.error");
  await notice.waitFor();
  await page.clock.runFor(120_000);
  assert.equal(await notice.count(), 1);
  await page.getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await notice.count(), 0);
  await close();
  await own.end();
});
