// Opening models: the sample, by the address, under any path, without a server; errors; cancelling.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { bytesOf, moduleFiles, office } from "./support/files.mjs";
import { hostReport } from "./support/plancheck.mjs";
import { sameReport } from "./support/reports.mjs";

let browser, site;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
});
after(async () => {
  await browser?.close();
  await site?.end();
});

test("the sample is opened by the address, and its report is the program's, byte for byte", async () => {
  const { page, wrong, close } = await open(browser, `${site.url}?sample=office`);
  await loaded(page);
  assert.match(await page.textContent("#summary"), /94\.9.*83\.8.*10.*fail.*38.*undetermined.*187.*pass/s);
  assert.equal(await page.textContent(".list-note span"), "48 findings");
  assert.equal(await page.title(), "office.ifc · Plancheck");
  sameReport(await savedReport(page), await hostReport(office, moduleFiles()), "office in the app");
  assert.deepEqual(await wrong(), []);
  await close();
});

test("it works under any path, without a server, and says so", async () => {
  const elsewhere = await serveApp("/some/where/");
  const { page, wrong, close } = await open(browser, elsewhere.url);
  await page.getByRole("button", { name: "Try the demo office" }).click();
  await loaded(page);
  assert.match(await page.textContent("#statusbar"), /Checked in this browser.*no server.*2 modules/s);
  assert.equal(new URL(page.url()).search, "?sample=office");
  assert.deepEqual(await wrong(), []);
  await close();
  await elsewhere.end();
});

test("a model may be dropped anywhere; another one takes its place", async () => {
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector('#workspace[data-stage="empty"]');
  await drop(page, [{ name: "mine.ifc", bytes: bytesOf(office) }]);
  await loaded(page);
  assert.equal(await page.textContent(".model-name"), "mine.ifc");
  const json = {
    building_id: "b",
    building_name: "Shed",
    objects: [{ object_id: "d1", object_type: "door", properties: { width: 0.7 } }],
  };
  await drop(page, [{ name: "shed.json", bytes: Buffer.from(JSON.stringify(json)) }]);
  await page.waitForFunction(() => document.querySelector(".model-name")?.textContent === "shed.json");
  await loaded(page);
  assert.match(
    await page.textContent("#viewport"),
    /nothing to draw.*JSON form have no shapes.*Everything else works/s,
  );
  assert.ok((await findingRows(page).count()) > 0);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("a file that is no model is refused with the reason and what to do", async () => {
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector('#workspace[data-stage="empty"]');
  await drop(page, [{ name: "notes.txt", bytes: Buffer.from("just some words") }]);
  const alert = page.locator(".banner.error");
  await alert.waitFor();
  assert.match(await alert.textContent(), /not a building model.*Open an IFC file/s);
  await page.getByRole("button", { name: "Try the demo office" }).click();
  await loaded(page);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("an IDS document is checked against the model", async () => {
  const { page, wrong, close } = await open(browser, `${site.url}?sample=office`);
  await loaded(page);
  await drop(page, [{ name: "office.ids", bytes: bytesOf(office.replace(/ifc$/, "ids")) }]);
  const card = page.locator(".ids-document", { hasText: "office.ids" });
  await card.waitFor();
  await card.locator("summary").first().click();
  await card.locator(".link-row").first().click();
  await page.waitForSelector("#element-title");
  assert.deepEqual(await wrong(), []);
  await close();
});

test("loading can be cancelled", async () => {
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector('#workspace[data-stage="empty"]');
  await drop(page, [{ name: "mine.ifc", bytes: bytesOf(office) }]);
  await page.keyboard.press("Escape");
  await page.waitForSelector('#workspace[data-stage="empty"], #workspace[data-stage="ready"]');
  await page.keyboard.press("Escape");
  assert.deepEqual(await wrong(), []);
  await close();
});
