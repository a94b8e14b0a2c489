// What people do with the menu of the team, and with values, in a page.
import { findingRows, loaded, open } from "./browser.mjs";

export async function signIn(page, credentials) {
  await page.click('[aria-controls="menu-team"]');
  await page.getByRole("button", { name: "Sign in…" }).click();
  await fillSignIn(page, credentials);
}

/** In the dialog, which is open or about to be. */
export async function fillSignIn(page, { name, password }) {
  await page.waitForSelector("dialog[open] form.sign-in");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
}

export async function enter(page, building) {
  await page.click('[aria-controls="menu-team"]');
  await page.locator("#menu-team .team-buildings .menu-item", { hasText: building }).click();
  await together(page);
}

/** Resolves when a building is open and live. */
export async function together(page) {
  await loaded(page);
  await page.waitForSelector(".team-button.live");
}

/** Somebody who has signed in, in a page of their own. */
export async function signedIn(browser, url, credentials, options) {
  const opened = await open(browser, url, options);
  await opened.page.waitForSelector(".code-list");
  await signIn(opened.page, credentials);
  await opened.page.waitForSelector("dialog", { state: "detached" });
  return opened;
}

/** Writes a value: `fact` is what the button is called. */
export async function edit(page, search, fact, value) {
  await selectFirst(page, search);
  await page.locator("#details .finding-card").getByRole("button", { name: fact }).first().click();
  await page.locator("form.editor [name=value]").fill(value);
  await page.keyboard.press("Enter");
}

/** Selects the first finding that a search finds. */
export async function selectFirst(page, search) {
  await page.fill("#search", search);
  await findingRows(page).first().click();
  await page.waitForSelector("#details .fold");
}

export async function teamText(page) {
  await page.click('[aria-controls="menu-team"]');
  const text = await page.textContent("#menu-team");
  await page.keyboard.press("Escape");
  return text.replace(/\s+/g, " ");
}

export const changed = (page, words) =>
  page.waitForFunction((words) => document.querySelector(".change")?.textContent?.includes(words), words);

/** What the button in the bar says. */
export const teamState = async (page) => (await page.textContent(".team-state")).trim();
