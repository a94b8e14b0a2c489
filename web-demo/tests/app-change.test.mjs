// What an edit changed is said exactly: verdicts that are others, findings that came or went, and
// those that only have other values.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { read } from "./support/reports.mjs";

let browser, site, page, wrong, close;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
  ({ page, wrong, close } = await open(browser, `${site.url}?sample=office`));
  await loaded(page);
});
after(async () => {
  await close?.();
  await browser?.close();
  await site?.end();
});

/** Edits a fact of the first finding that a search finds; gives what is said, and the reports around it. */
async function edit(search, fact, value) {
  const before = read(await savedReport(page));
  await page.fill("#search", search);
  await findingRows(page).first().click();
  await page.waitForSelector("#details .fold");
  await page.locator("#details .finding-card").getByRole("button", { name: fact }).first().click();
  await page.locator("form.editor [name=value]").fill(value);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (value) => document.querySelector(".change-label")?.textContent.includes(value),
    value,
  );
  const after = read(await savedReport(page));
  return {
    said: await page.textContent(".change-line"),
    heard: await page.textContent("#live"),
    before,
    after,
  };
}

const verdicts = ({ findings }) => new Map(findings.map(({ id, verdict }) => [id, verdict]));

/** How many findings have another verdict, or came, or went. */
function changed(before, after) {
  const [was, is] = [verdicts(before), verdicts(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((id) => was.get(id) !== is.get(id)).length;
}

test("other values of the same verdict are no changed verdict", async () => {
  const { said, heard, before, after } = await edit(
    "stair-riser-height flight a1",
    "Edit Riser height",
    "7.6 in",
  );
  assert.equal(changed(before, after), 0, "the edit is of that kind");
  assert.match(said, /^No verdict changed in [\d.]+ m?s\s*2 with other values$/);
  assert.match(heard, /No verdict changed.*2 with other values/);
});

test("a verdict that became another one is named with both", async () => {
  const { said, before, after } = await edit("egress-door-clear-width d103", "Edit Clear width", "30 in");
  assert.equal(changed(before, after), 2, "the edit is of that kind");
  assert.match(said, /^2 verdicts changed in [\d.]+ m?s\s*2 undetermined → fail$/);
  await page.click("#tab-edits");
  assert.match(await page.locator(".edit").first().textContent(), /2 undetermined → fail/);
  await page.click("#tab-findings");
});

test("what is resolved and what else changed is told apart", async () => {
  const { said, before, after } = await edit("egress-door-clear-width d103", "Edit Clear width", "36 in");
  assert.equal(changed(before, after), 2);
  assert.match(said, /^2 verdicts changed in [\d.]+ m?s\s*2 resolved$/);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector(".change-label")?.textContent.startsWith("Undone"));
  assert.match(await page.textContent(".change-line"), /2 verdicts changed.*2 new/s);
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
