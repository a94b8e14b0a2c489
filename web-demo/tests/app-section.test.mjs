// A cut through the model can be read: faces, edges and what lies behind are told apart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loaded, open, startChromium } from "./app/browser.mjs";
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

/** Standard deviation of the lightness of a part of the page, from 0 to 1. */
async function spreadOfLightness(page, clip) {
  const png = (await page.screenshot({ clip })).toString("base64");
  const tool = await browser.newPage();
  const spread = await tool.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const values = [];
    for (let i = 0; i < data.length; i += 4)
      values.push((0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]) / 255);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  }, png);
  await tool.close();
  return spread;
}

// Translucent bodies under a cut are one grey: 0.09 and 0.05.
for (const [colorScheme, least] of [
  ["light", 0.13],
  ["dark", 0.085],
]) {
  test(`faces of a cut stand out, ${colorScheme}`, async () => {
    const { page, wrong, close } = await open(browser, `${site.url}?sample=office`, { colorScheme });
    await loaded(page);
    await page.click('[aria-label^="Cut the model"]');
    await page.waitForSelector(".section-bar");
    await page.waitForTimeout(500);
    const { x, y, width, height } = await page.locator("canvas").boundingBox();
    const middle = { x: x + width * 0.25, y: y + height * 0.4, width: width * 0.5, height: height * 0.3 };
    const spread = await spreadOfLightness(page, middle);
    assert.ok(spread > least, `all looks the same: ${spread}`);
    assert.deepEqual(await wrong(), []);
    await close();
  });
}
