// How long a person waits for the page: node bench/page.mjs [MODEL.ifc] [ROUNDS]
// A new browser for each round, so that nothing is cached; the built page from a server beside it; WebGL in
// software. Prints the median of the time from the address to findings that can be clicked.

import { statSync } from "node:fs";
import { basename } from "node:path";

import { startChromium } from "../tests/app/browser.mjs";
import { serveApp } from "../tests/app/site.mjs";
import { office, sharedModels } from "../tests/support/files.mjs";

const duplex = sharedModels().find(({ name }) => name.includes("Duplex"));
const model = process.argv[2] ?? duplex?.path ?? office;
const rounds = Number(process.argv[3] ?? 7);

const site = await serveApp("/", { "/samples/office.ifc": model });
const times = [];
for (let round = 0; round < rounds; round += 1) {
  const browser = await startChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector("#finding-list [role=treeitem]")) globalThis.usable = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`${site.url}?sample=office`);
  await page.waitForFunction(() => globalThis.usable !== undefined, undefined, { timeout: 60_000 });
  times.push(await page.evaluate(() => globalThis.usable));
  await browser.close();
}
await site.end();

times.sort((a, b) => a - b);
const all = times.map((time) => time.toFixed()).join(" ");
console.log(
  `${basename(model)}, ${(statSync(model).size / 1e6).toFixed(1)} MB, from a server beside the browser`,
);
console.log(`findings usable`.padEnd(38) + `${times[times.length >> 1].toFixed()} ms (${all})`);
