// The menu of the team: where it is, what it says when something is wrong, and what it asks first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { loaded, open, startChromium } from "./app/browser.mjs";
import { edit, enter, fillSignIn, signedIn, signIn, teamState } from "./app/team.mjs";
import { office } from "./support/files.mjs";
import { admin, startHost } from "./support/plancheck.mjs";
import { account, member } from "./support/team.mjs";

const shots = process.env.PLANCHECK_SCREENSHOTS;

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

const officeText = readFileSync(office, "utf8");
/** Another model than the sample's. */
const other = (mark) => Buffer.from(officeText.replace("'OccupancyType'", `'${mark}'`));
const upload = (id, mark) =>
  host.buildings.upload(other(mark), { id, name: `${id}.ifc`, jurisdiction: "us" });

const say = async (page) => {
  const node = page.locator("dialog[open]");
  await node.waitFor();
  return (await node.textContent()).replace(/\s+/g, " ");
};

for (const [what, width] of [
  ["a telephone", 375],
  ["a small telephone", 320],
  ["a tablet", 820],
  ["a desk", 1280],
]) {
  test(`the bar says who is signed in and whether it is live, on ${what}`, async () => {
    await upload("north", "OccupancyNorth");
    const viewport = { width, height: 740 };
    const { page, close } = await open(browser, server.url, { viewport });
    await page.waitForSelector(".code-list");
    const seen = async (words) => {
      await page.waitForFunction(
        (words) => document.querySelector(".team-state")?.textContent.trim() === words,
        words,
      );
      const box = await page.locator(".team-state").boundingBox();
      assert.ok(box.width > 20 && box.height > 8, `${words} is seen`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${words}: the page is ${wide} px wide`);
      const button = await page.locator(".team-button").boundingBox();
      assert.ok(button.x >= 0 && button.x + button.width <= width, `${words}: the button is inside`);
      const parts = await page.$$eval(".topbar > :not(.grow, .menu), .topbar > .menu > button", (nodes) =>
        nodes
          .map((node) => node.getBoundingClientRect())
          .filter((box) => box.width > 0)
          .map(({ left, right }) => ({ left, right })),
      );
      for (const [i, part] of parts.slice(1).entries())
        assert.ok(part.left >= parts[i].right, `${words}: parts ${i} and ${i + 1} of the bar overlap`);
      if (shots) await page.screenshot({ path: `${shots}/team-${width}-${words.split(" ")[0]}.png` });
    };
    await seen("Signed out");
    await signIn(page, admin);
    await page.waitForSelector("dialog", { state: "detached" });
    await seen("admin");
    await enter(page, "north.ifc");
    await seen("Live");
    await page.click('[aria-controls="menu-team"]');
    const panel = await page.locator("#menu-team").boundingBox();
    assert.ok(panel.x >= 0 && panel.x + panel.width <= width, "the menu is inside");
    if (shots) await page.screenshot({ path: `${shots}/team-${width}-menu.png` });
    await close();
  });
}

test("a server that does not answer is named, with what to do", async (t) => {
  const gone = await startHost();
  t.after(() => gone.end());
  const { page, close } = await open(browser, gone.url);
  await page.waitForSelector(".code-list");
  await signIn(page, admin);
  await page.waitForSelector("dialog", { state: "detached" });
  await gone.end("SIGKILL");
  const silent = `The server at ${gone.url} does not answer. Check that it runs`;
  await page.click('[aria-controls="menu-team"]');
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.locator(".notice", { hasText: "the server could not be told" }).waitFor();
  assert.match(await page.textContent(".notice"), new RegExp(`The server at ${gone.url} does not answer`));
  await signIn(page, admin);
  await page.waitForFunction(() => document.querySelector(".sign-in-error").textContent !== "");
  assert.ok((await page.textContent(".sign-in-error")).startsWith(silent));
  for (const text of [await page.textContent("body")]) assert.doesNotMatch(text, /Failed to fetch/);
  await close();
});

test("while the server is away the menu names it", async (t) => {
  const gone = await startHost();
  t.after(() => gone.end());
  const there = await member(gone.url);
  await there.host.buildings.upload(other("OccupancyAway"), { id: "away", name: "away.ifc" });
  const { page, close } = await signedIn(browser, gone.url, admin);
  await enter(page, "away.ifc");
  await gone.end("SIGKILL");
  await page.waitForSelector(".team-button.reconnecting");
  assert.equal(await teamState(page), "Reconnecting…");
  await page.click('[aria-controls="menu-team"]');
  await page.waitForSelector(`#menu-team >> text=The server at ${gone.url} does not answer`);
  await page.waitForSelector("#menu-team >> text=your edits wait here");
  await close();
});

test("before the model of a building is replaced by the open one the page asks, with the edits that go", async () => {
  await upload("south", "OccupancySouth");
  const ada = await account(server.url, "ada", "engineer");
  const hers = await member(server.url, ada);
  const live = hers.host.live("south");
  const door = { op: "set_attribute", element: "0000000000000000000000", name: "OverallWidth", value: 1 };
  const real = /'([0-9A-Za-z_$]{22})'/.exec(officeText.slice(officeText.indexOf("IFCDOOR(")))[1];
  for (const value of [0.9, 1]) await live.edit({ ...door, element: real, value });
  live.close();

  const { page, close } = await open(browser, `${server.url}/?sample=office`);
  await loaded(page);
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await signIn(page, admin);
  await page.waitForSelector("dialog", { state: "detached" });
  const replace = async () => {
    await page.click('[aria-controls="menu-team"]');
    await page.getByRole("button", { name: "Replace the model of south.ifc by office.ifc…" }).click();
    return say(page);
  };
  const before = await host.buildings.get("south");
  assert.match(
    await replace(),
    /Replace the model of south\.ifc\?.*2 edits made since it was uploaded, by ada, are dropped\..*Drop 2 edits and replace/,
  );
  if (shots) await page.screenshot({ path: `${shots}/team-replace.png` });
  // What has the focus leaves everything as it is.
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.deepEqual(await host.buildings.get("south"), before);

  await replace();
  await page.getByRole("button", { name: "Drop 2 edits and replace" }).click();
  await page.waitForSelector(".team-button.live:not(.differs)");
  const after = await host.buildings.get("south");
  assert.notEqual(after.model, before.model);
  assert.equal(after.name, "south.ifc");
  // The one that was made here before is shared; those of the former model are gone.
  const shared = async () => (await host.buildings.edits("south")).edits.map(({ by }) => by).join();
  for (let tries = 0; (await shared()) !== "admin" && tries < 50; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await shared(), "admin");
  await close();
});

test("and so it does in the building that is open, for a file", async () => {
  await upload("west", "OccupancyWest");
  const { page, close } = await signedIn(browser, server.url, admin);
  await enter(page, "west.ifc");
  const choose = async (name, buffer) => {
    await page.click('[aria-controls="menu-team"]');
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Replace its model…" }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer });
  };
  await choose("plan.ifc", Buffer.from("a shopping list"));
  await page.locator(".notice", { hasText: "west.ifc stays as it is" }).waitFor();
  await choose("plan.ifc", other("OccupancyNew"));
  assert.match(await say(page), /It was not edited since it was uploaded\..*gets plan\.ifc/);
  await page.getByRole("button", { name: "Replace", exact: true }).click();
  await page.waitForSelector(".notice >> text=has another model now");
  await loaded(page);
  await page.waitForSelector(".team-button.live:not(.differs)");
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await page.waitForFunction(() => document.querySelectorAll(".change").length > 0);
  await choose("plan.ifc", other("OccupancyNewer"));
  assert.match(
    await say(page),
    /1 edit made since it was uploaded, by (admin|you|admin and you), is dropped/,
  );
  await page.keyboard.press("Escape");
  await close();
});

test("somebody who may not upload is offered no replacing", async () => {
  await upload("east", "OccupancyEast");
  const ivy = await account(server.url, "ivy", "inspector");
  const { page, close } = await open(browser, `${server.url}/?sample=office`);
  await loaded(page);
  await signIn(page, ivy);
  await page.waitForSelector("dialog", { state: "detached" });
  await page.click('[aria-controls="menu-team"]');
  await page.waitForSelector("#menu-team .team-buildings .menu-item");
  assert.equal(await page.getByRole("button", { name: /Replace/ }).count(), 0);
  await close();
});
