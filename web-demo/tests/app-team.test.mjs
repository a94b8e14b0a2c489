// Looking at a building together: the page as a server gives it, and several people.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { findingRows, loaded, open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { changed, edit, enter, selectFirst, signedIn, signIn, teamText } from "./app/team.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { read, sameReport } from "./support/reports.mjs";
import { account, member } from "./support/team.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "plancheck-team-"));

let browser, server, host, ada, vera, one, two;
before(async () => {
  browser = await startChromium();
  server = await startHost("--data-dir", folder);
  ({ host } = await member(server.url));
  await host.buildings.upload(bytesOf(office), { id: "office", name: "office.ifc", jurisdiction: "us" });
  ada = await account(server.url, "ada", "engineer");
  vera = await account(server.url, "vera", "architect");
});
after(async () => {
  await browser?.close();
  await server?.end();
  rmSync(folder, { recursive: true, force: true });
});

async function person(credentials, options) {
  const opened = await signedIn(browser, server.url, credentials, options);
  await enter(opened.page, "office.ifc");
  return opened;
}

test("a wrong password is said, and the right one signs in, without a mouse", async () => {
  const { page, close } = await open(browser, server.url, { bypassCSP: true });
  await page.waitForSelector(".code-list");
  await page.focus('[aria-controls="menu-team"]');
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open] form.sign-in");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "name");
  await page.evaluate(axe);
  await page.keyboard.type("ada");
  await page.keyboard.press("Tab");
  await page.keyboard.type("guessed");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    /password is wrong/.test(document.querySelector(".sign-in-error").textContent),
  );
  assert.equal(await page.inputValue("form.sign-in [name=name]"), "ada");
  const serious = (part) =>
    page.evaluate(async (part) => {
      const { violations } = await globalThis.axe.run(part, { resultTypes: ["violations"] });
      return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id);
    }, part);
  assert.deepEqual(await serious("dialog"), []);
  await page.fill("form.sign-in [name=password]", ada.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.click('[aria-controls="menu-team"]');
  await page.waitForSelector("#menu-team .team-buildings button");
  assert.deepEqual(await serious("#menu-team"), []);
  assert.match(await page.textContent("#menu-team"), /ada, engineer in main/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.click('[aria-controls="menu-team"]');
  await page.waitForSelector("#menu-team >> text=Sign in…");
  await close();
});

test("an edit in one page shows in the other at once, and both count what the server counts", async (t) => {
  [one, two] = await Promise.all([person(ada), person(vera)]);
  for (const { page } of [one, two]) {
    await page.waitForFunction(() => /Live · 2/.test(document.querySelector(".team-button").textContent));
    await page.click('[aria-controls="menu-team"]');
    await page.waitForFunction(() => {
      const people = document.querySelectorAll("#menu-team .team-people li > span");
      return (
        [...people]
          .map((name) => name.textContent.split(" ")[0])
          .sort()
          .join() === "ada,vera"
      );
    });
    await page.keyboard.press("Escape");
  }
  await edit(one.page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await changed(one.page, "Riser");
  const began = performance.now();
  await changed(two.page, "ada: ");
  const milliseconds = performance.now() - began;
  assert.ok(milliseconds < 2_000, `it took ${milliseconds} ms`);
  t.diagnostic(`seen by the other page ${Math.round(milliseconds)} ms after its own`);
  assert.match(await two.page.textContent(".change"), /2 resolved/);
  await edit(two.page, "threshold d101", "Add a value for Threshold height", "10 mm");
  await changed(one.page, "vera: ");
  sameReport(await savedReport(one.page), await savedReport(two.page), "in both pages");
  const { summary } = read(await savedReport(one.page));
  const live = host.live("office");
  const { report } = await new Promise((resolve) => live.on("full", resolve));
  live.close();
  assert.deepEqual(summary, report.summary);
  for (const { page } of [one, two]) assert.equal(await page.locator(".team-button.differs").count(), 0);
});

test("what one looks at is shown to the other: in the model and in the menu", async () => {
  await two.page.fill("#search", "guard-height");
  await findingRows(two.page).first().click();
  const mark = one.page.locator(".team-mark:visible", { hasText: "vera" });
  await mark.waitFor();
  await one.page.click('[aria-controls="menu-team"]');
  const looked = one.page.locator("#menu-team .team-people li", { hasText: "vera" }).locator("button");
  await looked.waitFor();
  if (process.env.PLANCHECK_SCREENSHOTS)
    await one.page.screenshot({ path: `${process.env.PLANCHECK_SCREENSHOTS}/team.png` });
  await looked.click();
  const selected = (page) => page.evaluate(() => location.hash);
  assert.equal(await selected(one.page), await selected(two.page));
  await two.page.keyboard.press("Escape");
  await two.page.locator(".canvas").focus();
  await two.page.keyboard.press("Escape");
  await mark.waitFor({ state: "detached" });
});

test("undo takes back one's own edit, not that of others", async () => {
  await one.page.click("#tab-edits");
  assert.equal(await one.page.locator(".edit .tag", { hasText: "vera" }).count(), 1);
  await one.page.keyboard.press("Control+z");
  await one.page.waitForFunction(() => document.querySelectorAll(".edit.undone").length === 1);
  await two.page.waitForFunction(() =>
    /ada: .*Riser/i.test(document.querySelector(".change")?.textContent ?? ""),
  );
  sameReport(await savedReport(one.page), await savedReport(two.page), "after undoing");
  assert.equal(
    read(await savedReport(two.page)).findings.filter(({ rule }) => /riser/.test(rule)).length > 0,
    true,
  );
});

test("who comes later starts from what was edited, and a viewer has no pens and is told why", async () => {
  const guest = await person(await account(server.url, "gus", "viewer"));
  sameReport(await savedReport(guest.page), await savedReport(one.page), "who comes later");
  const why = "Your role (viewer) may look, not change.";
  assert.ok((await guest.page.textContent("#details")).includes(why), "without a selection");
  await selectFirst(guest.page, "threshold d102");
  assert.ok((await guest.page.textContent("#details")).includes(why), "beside a finding");
  assert.equal(await guest.page.locator("[data-edit]").count(), 0);
  await guest.page.click("#tab-edits");
  assert.ok((await guest.page.textContent("#pane-edits")).includes(why), "in the list of edits");
  assert.equal(await guest.page.getByRole("button", { name: "Undo", exact: true }).count(), 0);
  // A model of one's own may be edited by anybody.
  await guest.page.click('[aria-controls="menu-team"]');
  await guest.page.getByRole("button", { name: "Go on alone" }).click();
  await guest.page.waitForSelector("[data-edit]");
  assert.equal(await guest.page.locator(".look-only").count(), 0);
  assert.deepEqual(await guest.wrong(), []);
  await guest.close();
});

test("of two edits of one value the one counts that the server has last, though it was made first here", async () => {
  const third = await open(browser, "about:blank");
  const { page } = third;
  const held = [];
  let release;
  await page.routeWebSocket(/\/ws\/validation\//, (line) => {
    const there = line.connectToServer();
    line.onMessage((text) => {
      if (release || !text.includes('"type":"edit"')) there.send(text);
      else held.push(text);
    });
    third.release = () => {
      release = true;
      for (const text of held) there.send(text);
    };
  });
  await page.goto(server.url);
  await page.waitForSelector(".code-list");
  await signIn(page, ada);
  await page.waitForSelector("dialog", { state: "detached" });
  await enter(page, "office.ifc");
  await edit(page, "threshold d103", "Add a value for Threshold height", "10 mm");
  await changed(page, "1 resolved");
  await edit(two.page, "threshold d103", "Add a value for Threshold height", "40 mm");
  await page.click("#tab-edits");
  await page.locator(".edit", { hasText: "Door D103" }).locator(".tag", { hasText: "vera" }).waitFor();
  third.release();
  await changed(two.page, "ada: ThresholdHeight of Door D103");
  await page.waitForSelector(".team-button.live:not(.differs)");
  const mine = await savedReport(page);
  sameReport(mine, await savedReport(two.page), "after both edits");
  assert.deepEqual(
    read(mine).findings.filter(({ rule, element }) => /threshold/.test(rule) && /D103/.test(element.name)),
    [],
  );
  assert.deepEqual(await third.wrong(), []);
  await third.close();
});

test("nothing went wrong in the pages", async () => {
  for (const { wrong } of [one, two]) assert.deepEqual(await wrong(), []);
});

test("while the server is away edits go on, and are made there when it is back", async () => {
  await one.page.click("#tab-findings");
  await server.end("SIGKILL");
  for (const { page } of [one, two]) await page.waitForSelector(".team-button.reconnecting");
  await edit(one.page, "threshold d102", "Add a value for Threshold height", "10 mm");
  await changed(one.page, "1 resolved");
  assert.match(await teamText(one.page), /1 edit of yours will be sent/);
  // The same value, differently: what the server has last counts, in both.
  await edit(two.page, "threshold d102", "Add a value for Threshold height", "40 mm");
  await changed(two.page, "ThresholdHeight");
  server = await startHost("--data-dir", folder, "--listen", server.url.replace("http://", ""));
  const other = (page, name) =>
    page.locator("ol.edits .edit", { hasText: "Door D102" }).locator(".tag", { hasText: name });
  for (const { page } of [one, two]) await page.click("#tab-edits");
  await Promise.all([other(one.page, "vera").waitFor(), other(two.page, "ada").waitFor()]);
  for (const { page } of [one, two]) await page.waitForSelector(".team-button.live:not(.differs)");
  assert.doesNotMatch(await teamText(one.page), /will be sent/);
  sameReport(await savedReport(one.page), await savedReport(two.page), "after the server came back");
});

test("another model that somebody uploads is opened", async () => {
  const again = await member(server.url);
  const text = readFileSync(office, "utf8");
  const changedModel = Buffer.from(text.replace("'OccupancyType'", "'OccupancyNote'"));
  await again.host.buildings.upload(changedModel, { id: "office" });
  for (const { page } of [one, two]) {
    await page.waitForSelector(".notice >> text=has another model now");
    await loaded(page);
    await page.waitForSelector(".team-button.live:not(.differs)");
  }
  await one.page.click("#tab-edits");
  assert.equal(await one.page.locator(".edit").count(), 0);
  assert.equal(read(await savedReport(one.page)).summary.undetermined > 38, true);
});

test("the open model is uploaded, with what was edited before", async () => {
  const { page, close } = await open(browser, `${server.url}/?sample=office`);
  await loaded(page);
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await changed(page, "Riser");
  await signIn(page, admin);
  await page.waitForSelector("dialog", { state: "detached" });
  await page.click('[aria-controls="menu-team"]');
  await page.getByRole("button", { name: /Upload office.ifc/ }).click();
  await page.waitForSelector(".team-button.live:not(.differs)");
  const again = await member(server.url);
  const [made] = (await again.host.buildings.list()).filter(({ id }) => id !== "office");
  const { edits } = await again.host.buildings.edits(made.id);
  assert.equal(edits.length, 1);
  assert.equal(made.jurisdiction, null);
  await close();
});

test("a server that is open to nobody asks first, and then the codes are there", async (t) => {
  const closed = await startHost("--open", "false");
  t.after(() => closed.end());
  const { page, close } = await open(browser, closed.url);
  await page.waitForSelector("dialog[open] form.sign-in");
  await page.keyboard.type(admin.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".code-list li");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.equal(await page.locator("#workspace[data-stage=empty]").count(), 1);
  await close();
});

test("without a server there is nothing of it", async (t) => {
  const site = await serveApp();
  t.after(() => site.end());
  const { page, wrong, close } = await open(browser, site.url);
  await page.waitForSelector(".code-list");
  assert.equal(await page.locator('[aria-controls="menu-team"]').count(), 0);
  assert.deepEqual(await wrong(), []);
  await close();
});
