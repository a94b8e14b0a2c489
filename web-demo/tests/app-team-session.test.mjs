// What outlives a reload of the page: who is signed in, which building is open; and links to it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, savedReport, startChromium } from "./app/browser.mjs";
import { serveApp } from "./app/site.mjs";
import { changed, edit, enter, fillSignIn, selectFirst, signedIn, teamState, together } from "./app/team.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { sameReport } from "./support/reports.mjs";
import { account, member } from "./support/team.mjs";

let browser, server, ada;
before(async () => {
  browser = await startChromium();
  server = await startHost();
  ada = await prepare(server);
});
after(async () => {
  await browser?.close();
  await server?.end();
});

/** A server with a building, and an account. */
async function prepare({ url }) {
  const { host } = await member(url);
  await host.buildings.upload(bytesOf(office), { id: "office", name: "office.ifc", jurisdiction: "us" });
  return account(url, "ada", "engineer");
}

const hash = (page) => page.evaluate(() => location.hash);
const keptHere = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
const notice = (page, words) => page.locator(".notice", { hasText: words });
const signedOut = (page) =>
  page.waitForFunction(() => document.querySelector(".team-state")?.textContent.trim() === "Signed out");

test("after a reload one is signed in, and the building is open with its edits and the selection", async () => {
  const { page, wrong, close } = await signedIn(browser, server.url, ada);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await enter(page, "office.ifc");
  assert.equal(await hash(page), "#building=office");
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await changed(page, "Riser");
  await selectFirst(page, "guard-height");
  const before = { hash: await hash(page), report: await savedReport(page) };
  assert.match(before.hash, /^#building=office&finding=[\da-f]+$/);
  await page.reload();
  await together(page);
  await page.waitForSelector("#details .finding-card");
  assert.equal(await hash(page), before.hash);
  await page.click("#tab-edits");
  await page.locator(".edit", { hasText: "Riser" }).locator(".tag", { hasText: "ada" }).waitFor();
  sameReport(await savedReport(page), before.report, "after the reload");
  assert.deepEqual(await wrong(), []);

  assert.match(await keptHere(page), /pcr_/);
  assert.doesNotMatch(await keptHere(page), /eyJ/, "an access token");
  assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage }).includes("pcr_")), false);
  assert.deepEqual(
    asked.filter((url) => url.includes("pcr_")),
    [],
  );

  await page.click('[aria-controls="menu-team"]');
  await page.getByRole("button", { name: "Sign out" }).click();
  await signedOut(page);
  assert.equal(await keptHere(page), "{}");
  assert.doesNotMatch(await hash(page), /building/);
  await page.reload();
  await page.waitForSelector(".code-list");
  assert.equal(await teamState(page), "Signed out");
  await close();
});

test("what was kept of a session that has ended is said and forgotten", async () => {
  const { page, close } = await signedIn(browser, server.url, ada);
  await page.evaluate(() => {
    const [key] = Object.keys(sessionStorage);
    const kept = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(key, JSON.stringify({ ...kept, token: "pcr_of_another_time" }));
  });
  await page.reload();
  await notice(page, "Your session at this server has ended. Sign in again.").waitFor();
  assert.equal(await keptHere(page), "{}");
  assert.equal(await teamState(page), "Signed out");
  await close();
});

test("a link opens the building for somebody else, who signs in first", async () => {
  const vera = await account(server.url, "vera", "viewer");
  const { page, wrong, close } = await open(browser, `${server.url}/#building=office`);
  await page.waitForSelector("dialog[open] >> text=Then the building of the link is opened");
  await fillSignIn(page, vera);
  await together(page);
  assert.equal(await hash(page), "#building=office");
  assert.match(await page.textContent(".model-name"), /office\.ifc/);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("a link to a building that is gone, or of others, says so: also in a page that is open", async () => {
  const eve = await account(server.url, "eve", "engineer", "elsewhere");
  const { page, close } = await signedIn(browser, server.url, eve);
  for (const id of ["office", "never was/there"]) {
    await page.evaluate((id) => (location.hash = `building=${encodeURIComponent(id)}`), id);
    const said = notice(page, `The link leads to the building “${id}”, which you do not see`);
    await said.waitFor();
    assert.match(await said.textContent(), /removed.*another organisation than yours, elsewhere/);
    assert.equal(await hash(page), "", "it is not said again after a reload");
  }
  await close();
});

test("a server that is open to nobody shows its codes after a reload, too", async (t) => {
  const closed = await startHost("--open", "false");
  t.after(() => closed.end());
  const { page, close } = await open(browser, closed.url);
  await fillSignIn(page, admin);
  await page.waitForSelector(".code-list li");
  await page.reload();
  await page.waitForSelector(".code-list li");
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await teamState(page), "admin");
  await close();
});

test("a link at a page that no server serves says so", async (t) => {
  const site = await serveApp();
  t.after(() => site.end());
  const { page, wrong, close } = await open(browser, `${site.url}#building=office`);
  await notice(page, "no Plancheck server here").waitFor();
  assert.deepEqual(await wrong(), []);
  await close();
});

test("tabs of one session do not end it, whichever refreshes, and sign out together", async (t) => {
  const brief = await startHost("--access-lifetime", "4s", "--refresh-grace", "1s");
  t.after(() => brief.end());
  const bob = await prepare(brief);
  const { page: one, close } = await signedIn(browser, brief.url, bob);
  await enter(one, "office.ifc");
  // A tab that a tab opens begins with a copy of what it keeps, as one that is duplicated does.
  const [two] = await Promise.all([
    one.context().waitForEvent("page"),
    one.evaluate(() => void window.open(location.href)),
  ]);
  const used = [];
  one.context().on("request", (request) => {
    if (request.url().endsWith("/auth/refresh")) used.push(request.postDataJSON().refresh_token);
  });
  await together(two);
  for (const page of [one, two]) {
    // Several lives of an access token. Not while it refreshes: an answer that is lost needs the time of grace.
    for (let times = 0; times < 2; times += 1) await page.waitForResponse(/\/auth\/refresh$/);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await page.reload();
    await together(page);
  }
  assert.ok(used.length >= 6, `${used.length} refreshes are too few to say anything`);
  assert.equal(new Set(used).size, used.length, "a refresh token was used twice");
  for (const page of [one, two]) {
    assert.match(await teamState(page), /Live/);
    assert.equal(await page.locator(".notice").count(), 0);
  }
  await one.click('[aria-controls="menu-team"]');
  await one.getByRole("button", { name: "Sign out" }).click();
  await signedOut(one);
  await signedOut(two);
  await notice(two, "You signed out in another tab").waitFor();
  assert.equal(await keptHere(two), "{}");
  await close();
});
