// The examples for pages do what they say: a file is chosen, its findings are listed.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { build, createServer } from "vite";

import { startBrowser } from "../support/browser.mjs";
import { moduleFiles, modulesFolder, office, packageFolder, root } from "../support/files.mjs";
import { serve } from "../support/static-server.mjs";

const web = `${root}web-demo/`;
const browser = await startBrowser();
const folder = mkdtempSync(join(tmpdir(), "plancheck-example-"));
after(async () => {
  await browser.end();
  rmSync(folder, { recursive: true });
});

/** Chooses the office in the page at `url`; gives the lines that it lists then. */
async function listed(url) {
  const { page, complaints, close } = await browser.page(url);
  await page.locator("input:not([disabled])").setInputFiles(office);
  await page.locator("li").first().waitFor({ timeout: 30_000 });
  const lines = await page.locator("li").allTextContents();
  await close();
  assert.deepEqual(
    complaints.filter((of) => !of.includes("favicon") && !/404/.test(of)),
    [],
  );
  return lines;
}

test("a page without a bundler", async (t) => {
  const server = await serve({
    "/": `${web}examples/plain-html/`,
    "/modules/": modulesFolder(),
    "/node_modules/@plancheck/engine/": packageFolder,
  });
  t.after(() => server.end());
  const lines = await listed(`${server.url}/index.html`);
  assert.ok(lines.length > 5);
  assert.ok(lines.some((line) => line.startsWith("IBC 2024 §")));
});

/** The example for Vite with its modules, inside the workspace, so that the package is found as it is installed there. */
function copied(t) {
  const copy = mkdtempSync(`${web}node_modules/.plancheck-example-`);
  t.after(() => rmSync(copy, { recursive: true }));
  cpSync(`${web}examples/vite`, copy, { recursive: true });
  for (const path of moduleFiles()) cpSync(path, join(copy, "modules", basename(path)));
  return { root: copy, configFile: join(copy, "vite.config.ts"), logLevel: "error" };
}

test("a page built with Vite", async (t) => {
  await build({ ...copied(t), build: { outDir: folder } });
  const server = await serve({ "/": folder + "/" });
  t.after(() => server.end());
  const lines = await listed(`${server.url}/index.html`);
  assert.ok(lines.length > 5);
  assert.ok(lines.some((line) => line.includes("IBC 2024 §")));
});

test("the same page from Vite's server", async (t) => {
  const server = await createServer({ ...copied(t), server: { host: "127.0.0.1", port: 0, hmr: false } });
  t.after(() => server.close());
  await server.listen();
  const lines = await listed(server.resolvedUrls.local[0]);
  assert.ok(lines.some((line) => line.includes("IBC 2024 §")));
});
