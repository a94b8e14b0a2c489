// Facts that belong to other elements: edited on the finding that misses them, shown where they belong,
// and grouped by what is missing and where it goes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, groupRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { withoutOccupancy } from "./app/models.mjs";
import { serveApp } from "./app/site.mjs";
import { read } from "./support/reports.mjs";

let browser, site, page, wrong, close;
let first;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
  ({ page, wrong, close } = await open(browser, site.url));
  await page.waitForSelector('#workspace[data-stage="empty"]');
  await drop(page, [{ name: "untold.ifc", bytes: withoutOccupancy() }]);
  await loaded(page);
  first = read(await savedReport(page));
});
after(async () => {
  await close?.();
  await browser?.close();
  await site?.end();
});

/** Findings that miss the occupancy of their building, themselves or by what they are computed from. */
const lackingOccupancy = (report) => {
  const lacks = (fact) =>
    (fact.path === "building.occupancy" && fact.absent !== undefined) || (fact.from ?? []).some(lacks);
  return report.findings.filter((finding) => finding.facts.some(lacks));
};

test("by what is missing: the fact, on how many elements, where it goes, what most lack first", async () => {
  await page.selectOption("#grouping", "missing");
  const groups = groupRows(page);
  await groups.first().getByText("goes into").waitFor();
  assert.match(
    await groups.first().textContent(),
    /Threshold height\s*missing on 21 doors · goes into ThresholdHeight\s*21/,
  );
  const occupancy = page.locator("#finding-list [data-key*='occupancy']", { hasText: "Occupancy" });
  await page.getByRole("button", { name: "Fold all" }).click();
  await occupancy.waitFor();
  const number = lackingOccupancy(first).filter((finding) => finding.verdict === "undetermined").length;
  assert.ok(number > 5, "the model tests something");
  assert.match(
    await occupancy.textContent(),
    new RegExp(`missing on 1 building · goes into Pset_BuildingCommon\\.OccupancyType.*${number}`, "s"),
  );
  const sizes = await groups.evaluateAll((rows) =>
    rows.map((row) => Number(row.querySelector(".badge")?.textContent.match(/\d+/)?.[0])),
  );
  const lacking = sizes.slice(0, -1);
  assert.deepEqual(
    lacking,
    lacking.toSorted((a, b) => b - a),
  );
  assert.match(await groups.last().textContent(), /Nothing is missing.*fail/s);
  // The groups have other keys now: what was folded by clause is not.
  await page.selectOption("#grouping", "clause");
  assert.ok((await findingRows(page).count()) > 0);
});

test("by what is missing no finding is left out", async () => {
  await page.selectOption("#grouping", "missing");
  const ids = await page.evaluate(async () => {
    const list = document.getElementById("finding-list");
    const seen = new Set();
    for (let top = 0; top < list.scrollHeight; top += list.clientHeight / 2) {
      list.scrollTop = top;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      for (const row of list.querySelectorAll("[aria-level='2']:not([hidden])"))
        seen.add(row.dataset.key.slice(2));
    }
    return [...seen];
  });
  assert.deepEqual(ids.sort(), first.findings.map((finding) => finding.id).sort());
  await page.selectOption("#grouping", "clause");
});

test("the building's page says which findings elsewhere need its occupancy, and leads to them", async () => {
  const building = "1bvXG4EVbH2APQARmKpTiG";
  await page.evaluate((id) => (location.hash = `element=${id}`), building);
  await page.waitForFunction(() =>
    document.querySelector("#element-title")?.textContent.includes("Front Range"),
  );
  const number = lackingOccupancy(first).length;
  const details = await page.textContent("#details");
  assert.match(details, new RegExp(`Needed by ${number} findings elsewhere`));
  const fold = page.locator("#details .fold", { hasText: "Occupancy of the building is missing" });
  assert.equal(await fold.locator(".link-row").count(), number);
  await fold.locator(".link-row", { hasText: "Space 105" }).click();
  await page.waitForSelector("#finding-title");
  assert.match(await page.textContent("#details"), /Space 105 Break Room/);
});

test("the pen on the finding edits the building, which it names", async () => {
  const add = page.getByRole("button", { name: "Add a value for Occupancy of Building Front Range Office" });
  await add.click();
  assert.match(
    await page.textContent(".editor-place"),
    /Pset_BuildingCommon\.OccupancyType of Building Front Range Office/,
  );
  await page.locator("form.editor [name=value]").fill("B");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".change");
  assert.match(await page.textContent(".change-label"), /OccupancyType of Building Front Range Office: “B”/);
  const report = read(await savedReport(page));
  assert.deepEqual(lackingOccupancy(report), []);
  await page.click("#tab-edits");
  assert.match(
    await page.textContent(".edit"),
    /OccupancyType of\s+Building Front Range Office.*not known.*“B”/s,
  );
  await page.locator(".edit .link-row").click();
  await page.waitForFunction(() => document.querySelector("#details")?.textContent.includes("Used by"));
  assert.doesNotMatch(await page.textContent("#details"), /Needed by/);
});

test("what was written last is what a second edit replaces, also where the engine judged by something else", async () => {
  await page.click("#tab-findings");
  await page.fill("#search", "accessible-door-threshold d101");
  await findingRows(page).first().click();
  const write = async (value) => {
    await page.locator("#details [data-edit*='threshold_height']").first().click();
    await page.locator("form.editor [name=value]").fill(value);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (value) => document.querySelector(".change-label")?.textContent.includes(value),
      value,
    );
  };
  // No threshold is so high: the fact stays unknown.
  await write("3 m");
  await page.waitForSelector(".notice.error");
  assert.match(
    await page.textContent(".notice.error"),
    /3 m was written, but threshold height is not known from it: .*0 m to 0\.5 m/,
  );
  await write("0.01 m");
  await page.click("#tab-edits");
  assert.match(await page.locator(".edit").first().textContent(), /3 m\s*→\s*0\.01 m/);
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
