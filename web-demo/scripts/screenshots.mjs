// Makes the pictures of the README from the built app: node web-demo/scripts/screenshots.mjs
// Needs `npm run build`, Chromium (CHROMIUM names another one), and a minute.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { findingRows, loaded, open, startChromium } from "../tests/app/browser.mjs";
import { serveApp } from "../tests/app/site.mjs";
import { palettePng } from "./palette-png.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images/", import.meta.url));
/** Larger ones make the repository heavy. */
const MOST_BYTES = 300_000;

const site = await serveApp();
const browser = await startChromium();
await mkdir(folder, { recursive: true });

/** The pixels of a PNG file: a browser is at hand. */
async function pixels(png) {
  const tool = await browser.newPage();
  const { width, height, base64 } = await tool.evaluate(async (given) => {
    const bytes = Uint8Array.from(atob(given), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = "";
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width, height, base64: btoa(text) };
  }, png.toString("base64"));
  await tool.close();
  return { width, height, data: Buffer.from(base64, "base64") };
}

async function shoot(page, name) {
  await page.mouse.move(640, 795);
  // Flights of the camera and lights of changed rows come to rest.
  await page.waitForTimeout(900);
  const bytes = palettePng(await pixels(await page.screenshot()));
  await writeFile(`${folder}/${name}.png`, bytes);
  console.log(`${name}.png ${bytes.length} bytes${bytes.length > MOST_BYTES ? ": TOO LARGE" : ""}`);
  if (bytes.length > MOST_BYTES) process.exitCode = 1;
}

async function choose(page, search, wanted = 0) {
  await page.fill("#search", search);
  await findingRows(page).nth(wanted).click();
  await page.waitForSelector("#details .fold");
  await page.fill("#search", "");
  await page.locator("#finding-list [aria-selected=true]").scrollIntoViewIfNeeded();
  await page.locator("#details h2").first().focus();
}

async function picture(colorScheme, steps) {
  const { page, wrong, close } = await open(browser, site.url, { colorScheme });
  await page.waitForSelector(".code-list");
  await steps(page);
  const complaints = await wrong();
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  await close();
}

const openOffice = async (page) => {
  await page.getByRole("button", { name: "Try the demo office" }).click();
  await loaded(page);
};

try {
  await picture("light", async (page) => {
    await shoot(page, "demo-empty");
    await openOffice(page);
    await shoot(page, "demo-loaded");
    await choose(page, "egress-door-clear-width d103");
    await shoot(page, "demo-finding");
    await choose(page, "stair-riser-height flight a1", 1);
    await page.locator("#details .finding-card [data-edit]").first().click();
    await page.fill("form.editor [name=value]", "7");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".change");
    await shoot(page, "demo-edit");
  });
  await picture("dark", async (page) => {
    await openOffice(page);
    await choose(page, "stair-riser-height flight a1");
    await shoot(page, "demo-dark");
  });
} finally {
  await browser.close();
  await site.end();
}
