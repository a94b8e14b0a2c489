// Opening models: the sample, by the address, under any path, without a server; errors; cancelling.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { serveSlowly } from "./app/slow.mjs";
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
  assert.match(await page.textContent(".figures"), /score\s+of 197 decided.*decided\s+197 of 235/s);
  const sizes = await page
    .locator(".figure-value")
    .evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node).font));
  assert.equal(sizes[0], sizes[1], "score and decided weigh the same");
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
  // Little of it is decided: the score steps back.
  const [decided, governed] = /(\d+) of (\d+)/
    .exec(await page.textContent(".figure.few"))
    .slice(1)
    .map(Number);
  assert.ok(decided < governed / 2, `${decided} of ${governed}`);
  const weight = (of) => page.locator(of).evaluate((node) => Number(getComputedStyle(node).fontWeight));
  assert.ok((await weight(".doubtful .figure-value")) < (await weight(".few .figure-value")));
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

test("Esc cancels a sample that is fetched slowly: the browser hangs up, the page is as before", async () => {
  const slow = await serveSlowly(site, ["samples/office.ifc"]);
  const { page, wrong, close } = await open(browser, slow.url);
  await page.waitForSelector(".code-list");
  await page.getByRole("button", { name: "Try the demo office" }).click();
  await slow.stalled("samples/office.ifc");
  await page.waitForFunction(() =>
    /93 kB of 186 kB/.test(document.querySelector(".progress-card")?.textContent ?? ""),
  );
  await page.keyboard.press("Escape");
  await slow.left("samples/office.ifc");
  await page.waitForSelector('#workspace[data-stage="empty"]');
  assert.equal(await page.title(), "Plancheck");
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await page.locator(".banner.error, .notice").count(), 0, "to cancel is no error");

  // With a model open, that one is there again, as it was.
  await drop(page, [{ name: "mine.ifc", bytes: bytesOf(office) }]);
  await loaded(page);
  await findingRows(page).first().click();
  await page.waitForSelector("#finding-title");
  const former = await savedReport(page);
  await page.click('[aria-controls="menu-model"]');
  await page.getByRole("button", { name: /Demo office/ }).click();
  await page.waitForSelector('#workspace[data-stage="loading"]');
  await page.keyboard.press("Escape");
  await page.waitForSelector('#workspace[data-stage="ready"]');
  assert.equal(await page.textContent(".model-name"), "mine.ifc");
  assert.equal(await page.title(), "mine.ifc · Plancheck");
  assert.match(await page.textContent("#finding-title"), /Spaces have enough exits/);
  assert.ok(await page.locator(".view-tools").isVisible(), "still drawn");
  sameReport(await savedReport(page), former, "after cancelling");
  assert.deepEqual(await wrong(), []);
  await close();
  await slow.end();
});

test("a model can be cancelled while the engine is not there yet, and does not come back", async () => {
  const slow = await serveSlowly(site, ["modules.json"]);
  const { page, wrong, close } = await open(browser, slow.url);
  await slow.stalled("modules.json");
  await drop(page, [{ name: "mine.ifc", bytes: bytesOf(office) }]);
  await page.waitForSelector('#workspace[data-stage="loading"]');
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.waitForSelector('#workspace[data-stage="empty"]');
  assert.equal(await page.title(), "Plancheck");
  assert.deepEqual(await wrong(), []);
  await close();
  await slow.end();
});
