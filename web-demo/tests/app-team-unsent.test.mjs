// The server's database is gone: what it did not take is not shown as taken, and nobody is asked for a password.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, startChromium } from "./app/browser.mjs";
import { edit, enter, signIn, teamState, teamText, together } from "./app/team.mjs";
import { officeWith } from "./app/models.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { account, member } from "./support/team.mjs";

let browser, server, host, ada;
before(async () => {
  browser = await startChromium();
  server = await startHost();
  ({ host } = await member(server.url));
  ada = await account(server.url, "ada", "engineer");
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const upload = (id) => host.buildings.upload(bytesOf(office), { id, name: `${id}.ifc`, jurisdiction: "us" });

/** A server whose database can be gone, as the page sees it. */
async function fragile(page) {
  const database = { gone: false, asked: 0 };
  const problem = { code: "store-unavailable", detail: "the database does not answer" };
  await page.routeWebSocket(/\/ws\/validation\//, (line) => {
    const there = line.connectToServer();
    line.onMessage((text) => {
      const said = JSON.parse(text);
      if (!database.gone || said.type !== "edit") return there.send(text);
      const { request } = said;
      line.send(JSON.stringify({ type: "error", code: problem.code, message: problem.detail, request }));
    });
  });
  await page.route(/\/auth\/refresh$/, async (route) => {
    if (!database.gone) return route.continue();
    database.asked += 1;
    await route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify(problem),
    });
  });
  return database;
}

async function signedInFragile(building) {
  const opened = await open(browser, "about:blank");
  const { page } = opened;
  const database = await fragile(page);
  await page.goto(server.url);
  await page.waitForSelector(".code-list");
  await signIn(page, ada);
  await page.waitForSelector("dialog", { state: "detached" });
  await enter(page, building);
  return { ...opened, database };
}

const stateIs = (page, words) =>
  page.waitForFunction(
    (words) => document.querySelector(".team-state")?.textContent.replace(/\s+/g, " ").trim() === words,
    words,
  );
const editsOf = async (id) => (await host.buildings.edits(id)).edits;
const until = async (like) => {
  for (let tries = 0; !(await like()); tries += 1) {
    assert.ok(tries < 100, String(like));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

test("an edit that the server did not take is marked, and is sent when it can be", async () => {
  await upload("kept");
  const { page, database, close } = await signedInFragile("kept.ifc");
  database.gone = true;
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await stateIs(page, "1 edit not sent");
  assert.equal(await page.locator(".team-button.live, .link-dot.live").count(), 0, "nothing of it is green");
  assert.match(await page.textContent("#details"), /Resolved.*1 edit not sent/s);
  assert.match(await page.textContent("#summary"), /with 1 edit, 1 not sent/);
  assert.match(await teamText(page), /1 edit of yours will be sent: nobody else sees it/);
  await page.click("#tab-edits");
  assert.match(await page.textContent(".edit"), /not sent/);
  database.gone = false;
  await stateIs(page, "Live");
  assert.equal(await page.locator(".tag.unsent").count(), 0);
  assert.equal((await editsOf("kept")).length, 1);
  await close();
});

test("it outlives a reload: the session is tried again, nobody is asked for a password, and it is sent once", async () => {
  await upload("reload");
  const { page, database, close } = await signedInFragile("reload.ifc");
  database.gone = true;
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await stateIs(page, "1 edit not sent");
  await page.reload();
  await page
    .locator("#welcome .banner", { hasText: "cannot look at sessions just now; trying again" })
    .waitFor();
  assert.equal(await teamState(page), "Signing in again…");
  await until(() => database.asked >= 3);
  assert.equal(await page.locator("dialog").count(), 0);
  assert.match(await teamText(page), /cannot look at sessions just now/);
  database.gone = false;
  await together(page);
  await page.locator(".notice", { hasText: "1 edit of yours had not reached the server" }).waitFor();
  await page.click("#tab-edits");
  await page.locator(".edit", { hasText: "Riser" }).waitFor();
  await until(async () => (await editsOf("reload")).length === 1);
  await stateIs(page, "Live");
  // Once: loading the page again finds nothing to send.
  await page.reload();
  await together(page);
  assert.equal(await page.locator(".notice").count(), 0);
  assert.equal((await editsOf("reload")).length, 1);
  await close();
});

test("of a model that is gone meanwhile they are named, and not made", async () => {
  await upload("gone");
  const { page, database, close } = await signedInFragile("gone.ifc");
  database.gone = true;
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await stateIs(page, "1 edit not sent");
  await page.goto("about:blank");
  await host.buildings.upload(officeWith({ "'OccupancyType'": "'OccupancyNote'" }), { id: "gone" });
  database.gone = false;
  await page.goto(`${server.url}/#building=gone`);
  await together(page);
  const said = page.locator(".notice", { hasText: "1 edit of yours did not reach the server" });
  await said.waitFor();
  assert.match(await said.textContent(), /another model, and is gone: \S+ of .*7/);
  assert.deepEqual(await editsOf("gone"), []);
  await close();
});

test("a session that has ended meanwhile asks, once the server says so", async () => {
  await upload("ended");
  const { page, database, close } = await signedInFragile("ended.ifc");
  database.gone = true;
  await page.reload();
  await stateIs(page, "Signing in again…");
  await page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((key) => key.startsWith("plancheck-session"));
    const kept = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(key, JSON.stringify({ ...kept, token: "pcr_of_another_time" }));
  });
  await page.reload();
  await stateIs(page, "Signing in again…");
  database.gone = false;
  await page.waitForSelector("dialog[open] form.sign-in");
  await page.locator(".notice", { hasText: "Your session at this server has ended" }).waitFor();
  await close();
});

test("a server that is open to nobody gives its codes once it can look at the session", async (t) => {
  const closed = await startHost("--open", "false");
  t.after(() => closed.end());
  const opened = await open(browser, "about:blank");
  const { page } = opened;
  const database = await fragile(page);
  await page.goto(closed.url);
  await page.waitForSelector("dialog[open] form.sign-in");
  await page.keyboard.type(admin.name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".code-list li");
  database.gone = true;
  await page.reload();
  await stateIs(page, "Signing in again…");
  await until(() => database.asked >= 2);
  assert.equal(await page.locator("dialog").count(), 0);
  database.gone = false;
  await page.waitForSelector(".code-list li");
  await stateIs(page, "admin");
  await opened.close();
});
