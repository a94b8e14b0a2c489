// The list of findings and what is selected: filters, search, keys, links, picking in 3D.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findingRows, groupRows, loaded, open, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";

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

const D117 = "2TouUpvH5LuBEOYbQJ13e3";
const note = () => page.textContent(".list-note span");

test("the worst clause comes first and every group says how many fail", async () => {
  const first = groupRows(page).first();
  assert.match(
    await first.textContent(),
    /Spaces have enough exits.*IBC 2024 §1006\.2\.1.*1\s+fail\s*2\s+undetermined/s,
  );
});

test("verdict chips filter the list; what passes is fetched when it is asked for", async () => {
  await page
    .getByRole("button", { name: /undetermined/ })
    .first()
    .click();
  assert.equal(await note(), "10 of 48 findings");
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  assert.equal(await note(), "48 findings");
  await page.locator("#summary button", { hasText: "pass" }).click();
  await page.waitForFunction(() => document.querySelector(".list-note span")?.textContent === "235 findings");
  await page.locator("#summary button", { hasText: "pass" }).click();
  await page.waitForFunction(() => document.querySelector(".list-note span")?.textContent?.includes("48"));
  await page.getByRole("button", { name: "Clear filters" }).first().click();
});

test("slash searches, Esc clears and leaves", async () => {
  await page.locator("body").click({ position: { x: 640, y: 30 } });
  await page.keyboard.press("/");
  await page.keyboard.type("d117 wide");
  assert.equal(await note(), "2 of 48 findings");
  await page.keyboard.press("Escape");
  assert.equal(await note(), "48 findings");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "finding-list");
});

test("the list is walked by keys: groups fold, findings are selected, Enter goes to the details", async () => {
  await page.focus("#finding-list");
  await page.keyboard.press("Home");
  const before = await findingRows(page).count();
  await page.keyboard.press("ArrowLeft");
  assert.ok((await groupRows(page).first().getAttribute("aria-expanded")) === "false");
  await page.keyboard.press("ArrowRight");
  assert.equal(await findingRows(page).count(), before);
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector("#finding-title");
  assert.match(await page.textContent("#details"), /Space 201 Conference Room/);
  const active = await page.getAttribute("#finding-list", "aria-activedescendant");
  assert.equal(await page.getAttribute(`#${active}`, "aria-selected"), "true");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "finding-title");
  await page.keyboard.press("Escape");
  assert.match(await page.textContent("#details"), /Overview/);
});

test("a finding shows clause, both values, sources; its element shows facts known and absent", async () => {
  await page.fill("#search", "egress-door-clear-width d117");
  await findingRows(page).first().click();
  await page.waitForSelector("#element-title");
  await page.waitForSelector("#details .fold");
  const text = await page.textContent("#details");
  assert.match(text, /IBC 2024 §1010\.1\.1/);
  assert.match(text, /23\.64–24\.82 in.*≥ 32 in/s);
  assert.match(text, /inferred.*overall width less lining and leaf/s);
  assert.match(text, /Nobody has held this rule/);
  assert.match(text, /Facts not known/);
  assert.match(text, /Pset_DoorCommon/);
  await page.fill("#search", "");
});

test("links select a finding or an element", async () => {
  const hash = new URL(page.url()).hash;
  assert.match(hash, /^#finding=[0-9a-f]{16}$/);
  const linked = await open(browser, `${site.url}?sample=office${hash}`);
  await loaded(linked.page);
  await linked.page.waitForSelector("#finding-title");
  assert.match(await linked.page.textContent("#details"), /Egress doors are wide enough.*Door D117/s);
  await linked.page.evaluate((id) => (location.hash = `element=${id}`), D117);
  await linked.page.waitForFunction(() => !document.querySelector("#finding-title"));
  assert.match(await linked.page.textContent("#details"), /Door D117.*Findings on it/s);
  assert.deepEqual(await linked.wrong(), []);
  await linked.close();
});

test("an element picked in 3D is selected with its findings", async () => {
  await page.keyboard.press("Escape");
  await page.fill("#search", "ramp flight");
  await findingRows(page).first().click();
  await page.waitForSelector("#finding-title");
  await page.waitForTimeout(300);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForSelector("#element-title");
  assert.match(await page.textContent("#details"), /Ramp/);
  await page.fill("#search", "");
});

test("groups by storey and by element, and a place without codes", async () => {
  await page.selectOption("#grouping", "storey");
  assert.match(await groupRows(page).first().textContent(), /Level 1/);
  await page.click('[aria-controls="menu-place"]');
  await page.fill("#place-typed", "de/by");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".notice.error");
  assert.match(await page.textContent(".notices"), /No code applies at this place.*modules for: us\. /s);
  assert.match(await page.textContent('[aria-controls="menu-place"]'), /All places/);
  await page.getByRole("button", { name: "Dismiss" }).click();
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
