// Chromium with WebGL and without a graphics card, and pages that keep what goes wrong in them.
import { chromium } from "playwright-core";

import { made } from "../support/files.mjs";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

/** Remarks of the software renderer about this machine, not about the page. */
const harmless = /GPU stall due to ReadPixels|GL Driver Message|swiftshader/i;

export function startChromium() {
  made(executablePath, "install Debian's chromium, or name another one in CHROMIUM");
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** A page of its own; `wrong()` gives errors of the console and of scripts, and violations of the policy. */
export async function open(browser, url, options = {}) {
  const viewport = { width: 1280, height: 800 };
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !harmless.test(text)) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack ?? error)));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${why}`);
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      globalThis.violations.push(
        `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      ),
    );
  });
  await page.goto(url);
  const wrong = async () => [...complaints, ...(await page.evaluate(() => globalThis.violations))];
  return { page, wrong, close: () => context.close() };
}

/** Resolves when a model is open, checked, and drawn or known not to be drawable. */
export async function loaded(page) {
  await page.waitForSelector('#workspace[data-stage="ready"]', { timeout: 30_000 });
  await page.waitForFunction(() => !document.querySelector(".still-drawing, .progress-card"), undefined, {
    timeout: 30_000,
  });
}

/** Drops files on the page, as a person does. */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle(
    (files) => {
      const data = new DataTransfer();
      for (const { name, bytes } of files) {
        data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
      }
      return data;
    },
    files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes).toString("base64") })),
  );
  for (const type of ["dragenter", "dragover", "drop"])
    await page.dispatchEvent("body", type, { dataTransfer: transfer });
}

/** A file of the menu of the report, as a person saves it. */
export async function savedAs(page, name) {
  await page.click('[aria-controls="menu-report"]');
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), bytes: new Uint8Array(Buffer.concat(chunks)) };
}

/** The bytes of the report. */
export async function savedReport(page) {
  return (await savedAs(page, /Download as JSON/)).bytes;
}

/** Rows of the list of findings that are drawn. */
export const findingRows = (page) => page.locator("#finding-list [role=treeitem][aria-level='2']:visible");
export const groupRows = (page) => page.locator("#finding-list [role=treeitem][aria-level='1']:visible");
