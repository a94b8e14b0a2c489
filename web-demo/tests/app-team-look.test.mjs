// What is seen of the team: who is signed in, what others look at, and that nothing covers or cuts it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { findingRows, loaded, startChromium } from "./app/browser.mjs";
import { enter, selectFirst, signedIn, together } from "./app/team.mjs";
import { source } from "./app/source.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { account, member } from "./support/team.mjs";

let browser, server, host, ada;
before(async () => {
  browser = await startChromium();
  server = await startHost();
  ({ host } = await member(server.url));
  await host.buildings.upload(bytesOf(office), { id: "office", name: "office.ifc", jurisdiction: "us" });
  ada = await account(server.url, "ada", "engineer");
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const telephone = { viewport: { width: 390, height: 760 } };

test("who has signed in finds the team's buildings on the start page", async () => {
  for (const options of [{}, telephone]) {
    const { page, close } = await signedIn(browser, server.url, ada, options);
    await page.locator("#welcome .team-open .button", { hasText: "office.ifc" }).click();
    await together(page);
    assert.equal(await page.evaluate(() => location.hash), "#building=office");
    assert.match(await page.locator(".team-who").innerText(), options.viewport ? /^a$/i : /^a\s+ada$/i);
    await close();
  }
});

test("what a colleague has selected is marked in the list of findings", async () => {
  const one = await signedIn(browser, server.url, ada);
  await enter(one.page, "office.ifc");
  const two = await signedIn(browser, server.url, admin);
  await enter(two.page, "office.ifc");
  await one.page.fill("#search", "guard-height");
  await two.page.fill("#search", "guard-height");
  assert.equal(await one.page.locator(".row.looked-at").count(), 0);
  await findingRows(two.page).first().click();
  const marked = one.page.locator("#finding-list .row.looked-at");
  await marked.waitFor();
  assert.equal(await marked.count(), 1);
  const id = await two.page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("finding"));
  assert.equal(await marked.getAttribute("data-key"), `f:${id}`);
  assert.match(await marked.textContent(), /admin looks at it/);
  await two.page.locator(".canvas").focus();
  await two.page.keyboard.press("Escape");
  await marked.waitFor({ state: "detached" });
  await one.close();
  await two.close();
});

test("the ring of the focus lies inside what scrolls in the menu", async () => {
  const { page, close } = await signedIn(browser, server.url, ada);
  await page.click('[aria-controls="menu-team"]');
  await page.locator("#menu-team .team-buildings .menu-item").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  const offsets = await page.$$eval("#menu-team .menu-item:not(:disabled)", (items) =>
    items.map((item) => {
      item.focus({ focusVisible: true });
      return getComputedStyle(item).outlineOffset;
    }),
  );
  assert.ok(offsets.length > 2);
  assert.deepEqual([...new Set(offsets)], ["-2px"]);
  await close();
});

for (const [what, options] of [
  ["a desk", { viewport: { width: 1280, height: 620 } }],
  ["a telephone", telephone],
]) {
  test(`an editor at the lower edge of the details is seen whole, with its error, on ${what}`, async () => {
    const { page, close } = await signedIn(browser, server.url, ada, options);
    await enter(page, "office.ifc");
    await selectFirst(page, "stair-riser-height flight a1");
    const pen = page
      .locator("#details .finding-card")
      .getByRole("button", { name: "Edit Riser height" })
      .first();
    // As low as it can be and still be pressed.
    await pen.evaluate((node) => {
      const details = document.getElementById("details");
      const filler = document.createElement("div");
      filler.style.height = "2000px";
      details.prepend(filler);
      node.scrollIntoView({ block: "end" });
    });
    await pen.click();
    const whole = () =>
      page.waitForFunction(() => {
        const inner = document.querySelector("form.editor").getBoundingClientRect();
        const outer = document.getElementById("details").getBoundingClientRect();
        return inner.top >= outer.top && inner.bottom <= outer.bottom + 1;
      });
    await whole();
    await page.locator("form.editor [name=unit]").selectOption("m");
    await page.locator("form.editor [name=value]").fill("wide enough");
    await page.keyboard.press("Enter");
    assert.match(await page.textContent(".editor-error"), /as in 0\.8 m\.$/);
    await whole();
    await close();
  });
}

test("a notice on a telephone leaves the panels' buttons free, and shows no codes", async () => {
  const { page, close } = await signedIn(browser, server.url, ada, telephone);
  await enter(page, "office.ifc");
  await page.route(/\/buildings\/office\/model$/, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "store-unavailable", detail: "the database does not answer" }),
    }),
  );
  await page.evaluate(() => document.querySelector('[aria-controls="menu-team"]').click());
  await page.getByRole("button", { name: "Go on alone" }).click();
  await page.click('[aria-controls="menu-team"]');
  await page.locator("#menu-team .team-buildings .menu-item").click();
  const notice = page.locator(".notice");
  await notice.waitFor();
  assert.doesNotMatch(await notice.textContent(), /store-unavailable/);
  const { y, height } = await notice.boundingBox();
  const nav = await page.locator("#panes").boundingBox();
  assert.ok(y + height <= nav.y, `${y + height} > ${nav.y}`);
  await close();
});

test("a connection that is made again has no colour of a verdict", async (t) => {
  const gone = await startHost();
  t.after(() => gone.end());
  const there = await member(gone.url);
  await there.host.buildings.upload(bytesOf(office), { id: "away", name: "away.ifc", jurisdiction: "us" });
  const { page, close } = await signedIn(browser, gone.url, admin);
  await enter(page, "away.ifc");
  await loaded(page);
  await gone.end("SIGKILL");
  await page.waitForSelector(".team-button.reconnecting");
  const [dot, ...verdicts] = await page.evaluate(() => {
    const colour = (value) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.color = value;
      const is = getComputedStyle(probe).color;
      probe.remove();
      return is;
    };
    const dot = getComputedStyle(document.querySelector(".team-button .link-dot"));
    return [
      dot.borderTopColor,
      ...["fail", "undetermined", "pass"].map((verdict) => colour(`var(--${verdict}-fill)`)),
    ];
  });
  assert.equal(verdicts.includes(dot), false);
  assert.match(await page.locator(".team-who").innerText(), /admin/);
  await close();
});

test("examples of what may be typed can be typed, and nothing is told twice", async (t) => {
  const { modules, end } = await source("logic/units.ts", "logic/problems.ts");
  t.after(end);
  const [units, problems] = modules;
  for (const symbol of [
    "m",
    "mm",
    "cm",
    "in",
    "ft",
    "m²",
    "ft²",
    "°",
    "1:n",
    "% slope",
    "%",
    "min",
    "kPa",
    "",
  ]) {
    const unit = units.unitOf(symbol);
    for (const typed of units.example(symbol).split(" or "))
      assert.notEqual(units.parseQuantity(typed, unit), undefined, `${typed} in ${symbol}`);
  }
  assert.equal(units.example("m"), "0.8 m");
  const told = (code, message) => problems.wholly(problems.problemOf({ code, message }));
  assert.equal(
    told("store-unavailable", "the database does not answer"),
    "The database does not answer. Try again in a moment; if it stays so, tell who runs the server.",
  );
  assert.match(told("deadline", "gave no answer within 5 ms"), /^A module took too long\. Gave no answer/);
  assert.match(
    told("step.unfinished", "line 3 ends too early"),
    /^The IFC file cannot be read\. Line 3 ends/,
  );
});
