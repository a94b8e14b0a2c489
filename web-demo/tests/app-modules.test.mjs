// Modules that cannot be used cost their own rules only, and the page says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { modulesFolder, program } from "./support/files.mjs";
import { startHost } from "./support/plancheck.mjs";
import { read } from "./support/reports.mjs";

let browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser?.close());

const index = (...modules) => ({
  text: JSON.stringify({ modules: modules.map(([id, url]) => ({ id, url, bytes: 0 })) }),
  as: ".json",
});

test("a broken module: the others are used, the result is called incomplete, the reason is shown", async () => {
  const site = await serveApp("/", {
    "/modules.json": index(["us-ibc-2024", "ours/us-ibc-2024.wasm"], ["broken", "broken.wasm"]),
    "/ours/": modulesFolder(),
    "/broken.wasm": { text: "this is not WebAssembly", as: ".wasm" },
  });
  const { page, wrong, close } = await open(browser, `${site.url}?sample=office`);
  await loaded(page);
  assert.match(
    await page.textContent(".summary .banner"),
    /not complete.*1 module could not be used \(broken/s,
  );
  assert.equal(read(await savedReport(page)).summary.complete, false);
  await page.getByRole("button", { name: "Show modules" }).click();
  assert.match(await page.textContent(".module.failed"), /broken.*unavailable/s);
  assert.match(await page.textContent("#statusbar"), /1 module, 1 unavailable/);
  assert.deepEqual(await wrong(), []);
  await close();
  await site.end();
});

test("no modules at all: said at once, with what to do", async () => {
  const site = await serveApp("/", { "/modules.json": { text: "<html>", as: ".json" } });
  const { page, close } = await open(browser, site.url);
  const alert = page.locator(".banner.error");
  await alert.waitFor();
  assert.match(await alert.textContent(), /engine cannot be started/);
  await close();
  await site.end();
});

test("with a server: its modules are used, and its report is the same, byte for byte", async () => {
  program();
  const host = await startHost();
  try {
    const { page, wrong, close } = await open(browser, `${host.url}/?sample=office`);
    await loaded(page);
    assert.match(await page.textContent("#statusbar"), new RegExp(host.url.replace("http://", "")));
    await page.click('[aria-controls="menu-report"]');
    await page.getByRole("button", { name: /Compare with the server/ }).click();
    await page.getByRole("button", { name: "Send and compare" }).click();
    await page.waitForSelector(".compare");
    assert.match(await page.textContent("dialog"), /Equal, byte for byte/);
    assert.equal(await page.locator("tr.differs").count(), 0);
    assert.deepEqual(await wrong(), []);
    await close();
  } finally {
    await host.end();
  }
});
