// The package as it is, in a page that no bundler has seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { startBrowser } from "../support/browser.mjs";
import { serve } from "../support/static-server.mjs";
import { building, finding, idOf } from "./fixture.mjs";
import { unexpected, webgl } from "./page.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

test("a page without a bundler shows a model", async () => {
  const server = await serve({
    "/page.html": folder("pages/plain.html"),
    "/model.ifc": { text: building({ chairs: 0 }).text },
    "/three/": folder("../../node_modules/three/"),
    "/web-ifc/": folder("../../node_modules/web-ifc/"),
    "/viewers/": folder("../../packages/viewers/dist/"),
  });
  const browser = await startBrowser(webgl);
  try {
    const { page, complaints } = await browser.page(`${server.url}/page.html`);
    await page.waitForFunction(() => "run" in window);
    const door = idOf("Door 1");
    const seen = await page.evaluate(([id, finding]) => run(id, finding), [door, finding("Door 1", "fail")]);
    assert.ok(seen.elements > 10);
    assert.equal(seen.picked, door);
    assert.deepEqual(unexpected(complaints), []);
  } finally {
    await browser.end();
    await server.end();
  }
});
