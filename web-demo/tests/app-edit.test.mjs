// Edits: verdicts follow at once, and say what a check of the edited model from scratch says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { read, sameReport } from "./support/reports.mjs";

let browser, site, page, wrong, close;
let first;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
  ({ page, wrong, close } = await open(browser, `${site.url}?sample=office`));
  await loaded(page);
  first = await savedReport(page);
});
after(async () => {
  await close?.();
  await browser?.close();
  await site?.end();
});

/** Chooses a place and all places again: the same model, judged from scratch. */
async function fromScratch() {
  for (const name of ["United States", "All places"]) {
    await page.click('[aria-controls="menu-place"]');
    await page.locator("#menu-place [role=radio]", { hasText: name }).click();
    await page.waitForFunction((name) => {
      const button = document.querySelector('[aria-controls="menu-place"]');
      return button?.textContent?.includes(name) && !button.disabled;
    }, name);
  }
  return savedReport(page);
}

async function edit(search, fact, value, unit) {
  await page.fill("#search", search);
  await findingRows(page).first().click();
  await page.waitForSelector("#details .fold");
  await page.locator("#details .finding-card").getByRole("button", { name: fact }).first().click();
  const form = page.locator("form.editor");
  await form.locator("[name=value]").fill(value);
  if (unit) await form.locator("[name=unit]").selectOption(unit);
  await page.keyboard.press("Enter");
}

test("a riser that is put right resolves its findings, in the code's unit, with the time it took", async () => {
  await edit("stair-riser-height flight a1", "Edit Riser height", "7");
  await page.waitForSelector(".change");
  const said = await page.textContent(".change");
  assert.match(said, /verdicts changed in [\d.]+ m?s/);
  assert.match(said, /2 resolved/);
  assert.match(await page.textContent("#live"), /verdicts changed/);
  assert.match(await page.textContent("#details"), /Resolved/);
  const report = await savedReport(page);
  const left = read(report).findings.filter((finding) => finding.rule.includes("riser"));
  assert.deepEqual(left, []);
  sameReport(await fromScratch(), report, "after an edit");
});

test("a missing value is added: a threshold, in millimetres", async () => {
  await edit("threshold d101", "Add a value for Threshold height", "10 mm");
  await page.waitForFunction(() => document.querySelector(".change")?.textContent?.includes("1 resolved"));
  sameReport(await fromScratch(), await savedReport(page), "after a second edit");
});

test("what is no number is refused in words", async () => {
  await edit("threshold d102", "Add a value for Threshold height", "low");
  assert.match(await page.textContent(".editor-error"), /“low” is no length/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("form.editor").count(), 0);
});

test("edits are listed, taken back and made again; all taken back, the report is the first one", async () => {
  const edited = await savedReport(page);
  await page.click("#tab-edits");
  assert.equal(await page.locator(".edit").count(), 2);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 1);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 2);
  sameReport(await savedReport(page), first, "after undoing all");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+Shift+z");
  await page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 0);
  sameReport(await savedReport(page), edited, "after making them again");
});

test("a property of the element's own list is edited, too", async () => {
  await page.click("#tab-findings");
  await page.fill("#search", "guard-height");
  await findingRows(page).first().click();
  const set = page.locator("#details .fold", {
    has: page.locator("summary", { hasText: "Pset_RailingCommon" }),
  });
  await set.locator("summary").click();
  await set.getByRole("button", { name: "Edit Height" }).click();
  await page.locator("form.editor [name=value]").fill("42 in");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".change")?.textContent?.includes("Height of"));
  assert.match(await page.textContent(".change"), /1 resolved/);
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
