// Nothing is lost without being asked: the open model, its edits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { sameReport } from "./support/reports.mjs";

let browser, site, page, wrong, close;
let edited;
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

const words = { name: "notes.txt", bytes: Buffer.from("just some words") };
const other = { name: "other.ifc", bytes: bytesOf(office) };
const name = () => page.textContent(".model-name");
const dialog = () => page.locator("dialog[open]");

test("a file that is no model is refused, and the open model stays", async () => {
  await drop(page, [words]);
  await page.waitForSelector(".notice.error");
  assert.match(
    await page.textContent(".notices"),
    /notes\.txt is not a building model, so office\.ifc stays open/,
  );
  assert.equal(await name(), "office.ifc");
  assert.equal(await page.getAttribute("#workspace", "data-stage"), "ready");
  assert.equal(await page.textContent(".list-note span"), "48 findings");
  await page.getByRole("button", { name: "Dismiss" }).click();
});

test("without edits another model is opened at once", async () => {
  await drop(page, [other]);
  await page.waitForFunction(() => document.querySelector(".model-name")?.textContent === "other.ifc");
  await loaded(page);
  assert.equal(await dialog().count(), 0);
});

test("with edits it is asked; Esc and Enter keep them", async () => {
  await page.fill("#search", "stair-riser-height flight a1");
  await findingRows(page).first().click();
  await page
    .locator("#details .finding-card")
    .getByRole("button", { name: "Edit Riser height" })
    .first()
    .click();
  await page.locator("form.editor [name=value]").fill("7");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".change");
  edited = await savedReport(page);

  for (const key of ["Escape", "Enter"]) {
    await drop(page, [{ ...other, name: "third.ifc" }]);
    await dialog().waitFor();
    assert.match(
      await dialog().textContent(),
      /Discard 1 edit\?.*Discard and open third\.ifc.*Keep editing/s,
    );
    assert.equal(await page.evaluate(() => document.activeElement?.textContent.trim()), "Keep editing");
    await page.keyboard.press(key);
    await dialog().waitFor({ state: "detached" });
    assert.equal(await name(), "other.ifc");
  }
  await page.focus(".brand");
  await page.keyboard.press("Enter");
  await dialog().waitFor();
  // The dialog keeps the focus, and gives it back.
  for (let presses = 0; presses < 5; presses++) {
    await page.keyboard.press("Tab");
    assert.ok(
      await page.evaluate(
        () => document.activeElement === document.body || document.activeElement.closest("dialog"),
      ),
    );
  }
  await page.getByRole("button", { name: "Keep editing" }).click();
  await page.waitForFunction(() => document.activeElement?.classList.contains("brand"));
  sameReport(await savedReport(page), edited, "after refusing");
});

test("a model that breaks while it is read gives the former one back, with its edits", async () => {
  await drop(page, [{ name: "broken.json", bytes: Buffer.from('{"objects": [') }]);
  await page.getByRole("button", { name: "Discard and open broken.json" }).click();
  await page.waitForSelector(".notice.error");
  assert.match(await page.textContent(".notices"), /broken\.json: .*cannot be read/);
  await loaded(page);
  assert.equal(await name(), "other.ifc");
  sameReport(await savedReport(page), edited, "given back");
  await page.click("#tab-edits");
  assert.equal(await page.locator(".edit").count(), 1);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 1);
  await page.keyboard.press("Control+Shift+z");
  await page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 0);
});

test("the browser asks before the page is left with edits, and only then", async () => {
  const asked = [];
  page.on("dialog", (box) => {
    asked.push(box.type());
    void box.accept();
  });
  await page.reload();
  assert.deepEqual(asked, ["beforeunload"]);
  await page.waitForSelector('#workspace[data-stage="empty"]');
  await page.reload();
  assert.deepEqual(asked, ["beforeunload"]);
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
