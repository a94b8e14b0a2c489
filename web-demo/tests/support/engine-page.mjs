// The package in a page, from a plain static server with a strict policy.

import { startBrowser } from "./browser.mjs";
import { hostileFolder, modulesFolder, packageFolder, root, sharedModels } from "./files.mjs";
import { serve } from "./static-server.mjs";

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Starts server and browser. `open()` gives a page in which `window.plancheck` is the package. */
export async function startEnginePage() {
  const models = Object.fromEntries(sharedModels().map(({ name, path }) => [`/shared/${name}`, path]));
  const server = await serve(
    {
      "/index.html": {
        text: `<!doctype html><title>test</title><script type="module" src="/page.js"></script>`,
        as: "page.html",
      },
      "/page.js": {
        text: `import * as plancheck from "/package/dist/index.js"; window.plancheck = plancheck;`,
      },
      "/favicon.ico": { text: "" },
      "/package/": packageFolder,
      "/modules/": modulesFolder(),
      "/hostile/": hostileFolder(),
      "/demo/": `${root}demo/`,
      ...models,
    },
    { "content-security-policy": policy },
  );
  const browser = await startBrowser();
  return {
    async open() {
      const opened = await browser.page(`${server.url}/`);
      await opened.page.waitForFunction("window.plancheck !== undefined");
      return opened;
    },
    async end() {
      await browser.end();
      await server.end();
    },
  };
}

/** Bytes out of a page: Playwright carries texts. */
export const fromPage = (base64) => new Uint8Array(Buffer.from(base64, "base64"));

/** To be run in a page: bytes as text, so that Playwright can carry them. */
export const toText = `(bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}`;
