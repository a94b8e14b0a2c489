// A real browser, without a window.

import { chromium } from "playwright-core";

import { made } from "./files.mjs";

const executablePath = process.env.PLANCHECK_CHROMIUM ?? "/usr/bin/chromium";
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts it. `page()` opens a page that collects what it complains about in `complaints`. */
export async function startBrowser(more = []) {
  made(executablePath, "install Debian's chromium, or name another one in PLANCHECK_CHROMIUM");
  const browser = await chromium.launch({ executablePath, headless: true, args: [...quiet, ...more] });
  return {
    async page(url) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const complaints = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("requestfailed", (request) =>
        complaints.push(`${request.url()}: ${request.failure()?.errorText}`),
      );
      await page.goto(url);
      return { page, complaints, close: () => context.close() };
    },
    end: () => browser.close(),
  };
}
