// One's own account, and what others do to the building that is open.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { loaded, startChromium } from "./app/browser.mjs";
import { officeWith } from "./app/models.mjs";
import { changed, edit, enter, signedIn } from "./app/team.mjs";
import { bytesOf, office } from "./support/files.mjs";
import { startHost } from "./support/plancheck.mjs";
import { account, member } from "./support/team.mjs";

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

const upload = (id) => host.buildings.upload(bytesOf(office), { id, name: `${id}.ifc`, jurisdiction: "us" });

test("on a telephone another model takes the place of the open one without a jump, and says what is gone", async () => {
  await upload("jump");
  const ada = await account(server.url, "ada", "engineer");
  const viewport = { width: 390, height: 800 };
  const { page, wrong, close } = await signedIn(browser, server.url, ada, { viewport });
  await enter(page, "jump.ifc");
  await edit(page, "stair-riser-height flight a1", "Edit Riser height", "7");
  await changed(page, "Riser");
  await page.locator("#panes button", { hasText: "Findings" }).click();
  await page.evaluate(() => {
    const workspace = document.getElementById("workspace");
    globalThis.seen = [];
    const look = () => {
      const shown = [...workspace.querySelectorAll(".panel")].filter((panel) =>
        panel.checkVisibility({ visibilityProperty: true }),
      );
      globalThis.seen.push(`${workspace.dataset.stage} ${shown.map(({ id }) => id)}`);
    };
    new MutationObserver(look).observe(workspace, { attributes: true });
  });
  await host.buildings.upload(officeWith({ "'OccupancyType'": "'OccupancyNote'" }), { id: "jump" });
  const said = page.locator(".notice", { hasText: "jump.ifc has another model now" });
  await said.waitFor();
  assert.match(
    await said.textContent(),
    /somebody uploaded it at \d+:\d+.[AP]M\. It is opened\. The team’s 1 edit to the former model is gone\./,
  );
  await page.waitForFunction(() => globalThis.seen.some((moment) => moment.startsWith("loading")));
  await loaded(page);
  await page.waitForSelector(".team-button.live:not(.differs)");
  assert.deepEqual([...new Set(await page.evaluate(() => globalThis.seen))].sort(), [
    "loading side",
    "ready side",
  ]);
  assert.deepEqual(await wrong(), []);
  await close();
});

test("somebody gives their own account another password, and reads why not", async () => {
  const eve = await account(server.url, "eve", "inspector");
  const { page, close } = await signedIn(browser, server.url, eve);
  const elsewhere = await member(server.url, eve);
  await page.click('[aria-controls="menu-team"]');
  await page.getByRole("button", { name: "Change your password…" }).click();
  await page.waitForSelector("dialog[open] form");
  assert.equal(await page.evaluate(() => document.activeElement.name), "current");
  const attempt = async (current, next, again) => {
    for (const [name, value] of Object.entries({ current, next, again }))
      await page.fill(`dialog [name=${name}]`, value);
    await page.keyboard.press("Enter");
  };
  const refused = (words) =>
    page.waitForFunction(
      (words) => document.querySelector("dialog .sign-in-error")?.textContent.includes(words),
      words,
    );
  const better = "an even quieter evening";
  await attempt(eve.password, better, "something else");
  await refused("not the same both times");
  await attempt("guessed", better, better);
  await refused("The current password is wrong.");
  assert.equal(await page.evaluate(() => document.activeElement.name), "current");
  await attempt(eve.password, "short", "short");
  await refused("12 characters");
  assert.equal(await page.evaluate(() => document.activeElement.name), "next");
  await attempt(eve.password, better, better);
  await page.waitForSelector("dialog", { state: "detached" });
  await page.locator(".notice", { hasText: "Your password is another one now" }).waitFor();
  await member(server.url, { ...eve, password: better });
  await assert.rejects(member(server.url, eve), { code: "unauthorized" });
  await assert.rejects(elsewhere.host.buildings.list(), { code: "unauthorized" });
  // Here one stays signed in.
  await page.reload();
  await page.waitForSelector(".code-list");
  assert.equal((await page.textContent(".team-state")).trim(), "eve");
  await close();
});
