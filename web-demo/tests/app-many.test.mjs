// Many findings: the list draws what is seen, and filters and keys work over all of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, loaded, open, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";

let browser, site;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
});
after(async () => {
  await browser?.close();
  await site?.end();
});

const DOORS = 12_000;
const door = (i) => ({
  object_id: `d${i}`,
  object_type: "door",
  properties: { clear_width: i % 3 ? 0.7 : 0.75, is_exit: true },
});
const model = {
  building_id: "b",
  building_name: "Many doors",
  objects: Array.from({ length: DOORS }, (_, i) => door(i)),
};

test("more than 50 000 findings", async () => {
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector(".code-list");
  await drop(page, [{ name: "many.json", bytes: Buffer.from(JSON.stringify(model)) }]);
  await loaded(page);
  const said = await page.textContent(".list-note span");
  const number = Number(said.replace(/\D/g, ""));
  assert.ok(number > 50_000, said);
  assert.ok((await findingRows(page).count()) < 60);

  await page.focus("#finding-list");
  await page.keyboard.press("End");
  await page.waitForSelector("#finding-title");
  const list = page.locator("#finding-list");
  const { top, height, inner } = await list.evaluate((node) => ({
    top: node.scrollTop,
    height: node.scrollHeight,
    inner: node.clientHeight,
  }));
  assert.ok(top + inner > height - 100, "the last finding is in view");
  assert.ok((await page.locator("#finding-list [role=treeitem]").count()) < 120, "nodes are used again");

  // Every place in between is drawn, too.
  for (const part of [0.25, 0.5, 0.75]) {
    await list.evaluate((node, part) => (node.scrollTop = node.scrollHeight * part), part);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const seen = await list.evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      const rows = [...node.querySelectorAll("[role=treeitem]:not([hidden])")].map((row) =>
        row.getBoundingClientRect(),
      );
      return rows.some((row) => row.top <= top + 1) && rows.some((row) => row.bottom >= bottom - 1);
    });
    assert.ok(seen, `at ${part}`);
  }

  await page.fill("#search", "d11999");
  assert.match(await page.textContent(".list-note span"), /^[1-9] of /);
  assert.deepEqual(await wrong(), []);
  await close();
});
