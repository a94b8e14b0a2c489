// A page that joins a building with many edits: it makes them many at a time, and shows nothing old as current.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { savedReport, startChromium } from "./app/browser.mjs";
import { enter, signedIn, teamText } from "./app/team.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { read } from "./support/reports.mjs";
import { member } from "./support/team.mjs";

const doors = [...readFileSync(office, "utf8").matchAll(/IFCDOOR\('([^']{22})'/g)].map(([, id]) => id);
const width = (i, value) => ({
  op: "set_attribute",
  element: doors[i % doors.length],
  name: "OverallWidth",
  value,
});

let browser, server, host;
before(async () => {
  browser = await startChromium();
  server = await startHost();
  ({ host } = await member(server.url));
});
after(async () => {
  await browser?.close();
  await server?.end();
});

/** A building with edits, some of which the engine refuses; gives what the server counts. */
async function edited(id, steps) {
  await host.buildings.upload(bytesOf(office), { id, name: `${id}.ifc`, jurisdiction: "us" });
  const live = host.live(id);
  await Promise.all(steps.map((edits) => live.edit(edits).catch(() => undefined)));
  live.close();
  const again = host.live(id);
  const { report } = await new Promise((resolve) => again.on("full", resolve));
  again.close();
  return report.summary;
}

/** Keeps what the page shows at each moment. */
const watch = (page) =>
  page.evaluate(() => {
    globalThis.moments = [];
    const look = () => {
      const state = document.querySelector(".team-state")?.textContent.trim();
      const button = document.querySelector(".team-button");
      globalThis.moments.push({
        state,
        live: button?.classList.contains("live") ?? false,
        old: document.body.classList.contains("not-current"),
        edits: Number(document.querySelector("#tab-edits .count")?.textContent ?? 0),
        flashed: document.querySelectorAll(".row.flash-odd, .row.flash-even").length,
        banner: document.querySelector(".change")?.textContent,
        marked: document.querySelector("#side .catching-bar")?.textContent,
      });
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });

test("800 earlier edits are caught up with at once, and until then the page is not live", async (t) => {
  const steps = Array.from({ length: 800 }, (_, i) => [width(i, 0.7 + (i % 40) / 100)]);
  const there = await edited("busy", steps);
  const { page, wrong, close } = await signedIn(browser, server.url, admin);
  await watch(page);
  const began = performance.now();
  await enter(page, "busy.ifc");
  t.diagnostic(`joined ${Math.round(performance.now() - began)} ms after it was chosen`);
  const moments = await page.evaluate(() => globalThis.moments);
  const catching = moments.filter(({ state }) => state?.startsWith("Catching up"));
  assert.ok(catching.some(({ state }) => /^Catching up, \d+ of 800$/.test(state)));
  assert.ok(catching.every(({ live }) => !live));
  assert.ok(catching.some(({ old, marked }) => old && /not\s+current yet/.test(marked ?? "")));
  assert.deepEqual(
    moments.filter(({ live, edits }) => live && edits < 800),
    [],
  );
  assert.deepEqual(
    moments.filter(({ flashed, banner }) => flashed > 0 || banner),
    [],
    "what was made earlier is no news",
  );
  const last = moments.at(-1);
  assert.equal(last.edits, 800);
  assert.equal(last.old, false);
  assert.deepEqual(read(await savedReport(page)).summary, there);
  assert.equal(await page.locator(".team-button.differs").count(), 0);
  await page.click("#tab-edits");
  assert.match(await page.textContent(".edit:last-child"), /OverallWidth.*admin.*→.*0\.7 m.*made earlier/s);
  assert.match(await teamText(page), /Live 1 connection/);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("of a step that the engine refuses only what stands before it is made, as at the server", async () => {
  const bad = { op: "set_attribute", element: "no-such-element", name: "OverallWidth", value: 1 };
  const there = await edited("refused", [
    [width(0, 0.5)],
    [width(1, 0.5), bad, width(2, 0.5)],
    [width(3, 0.5), bad],
    [bad],
    [width(4, 0.5)],
  ]);
  const { page, wrong, close } = await signedIn(browser, server.url, admin);
  await enter(page, "refused.ifc");
  assert.equal(await page.locator(".notice").count(), 0);
  assert.deepEqual(read(await savedReport(page)).summary, there);
  assert.equal(await page.textContent("#tab-edits .count"), "4");
  assert.equal(await page.locator(".team-button.differs").count(), 0);
  assert.deepEqual(await wrong(), []);
  await close();
});
