// The team: signing in, buildings, and the one that is looked at together.

import type { Building } from "@plancheck/engine";

import { problemOf, told } from "../logic/problems";
import { canBeModel } from "../logic/sniff";
import { count, listed as named } from "../logic/wording";
import { setJurisdiction } from "./checks";
import { ask, mayLoseEdits } from "./confirm";
import { start } from "./engine";
import { noModelIn, whatModelsAre } from "./files";
import { endSession, forgetSession, onResumed, onSignedOutElsewhere, theHost } from "./host";
import { announce, notify } from "./notices";
import { closeModel, openModel } from "./opening";
import { selectLinked, writeSelected } from "./selection";
import { store } from "./store";
import { join, leaveRoom } from "./team-room";
import { alone, noTeam, type Team } from "./team-state";
import { linked, writeHash, writeOpened } from "./url";

function change(team: Partial<Team>): void {
  store.set({ team: { ...store.state.team, ...team } });
}

/** Follows what the page does: a server that is found, a session that ends. */
export function startTeam(): void {
  store.watch(["host"], () => {
    const host = theHost();
    if (!store.state.host || !host) return;
    change({ offered: host.live !== undefined, account: host.account });
    if (host.account && host.live) void listBuildings();
  });
  onSignedOutElsewhere(() => {
    if (!store.state.team.account) return;
    signedOut();
    notify("info", "You signed out in another tab, so you are signed out here, too.");
    void theHost()
      ?.logout()
      .catch(() => undefined);
  });
  // A server that is open to nobody in particular shows its modules to accounts only.
  store.watch(["problem"], ({ problem, stage, team }) => {
    if (stage === "broken" && problem?.code === "unauthorized" && !team.account && !team.resuming)
      openSignIn();
  });
  onResumed(() => {
    const { account } = theHost()!;
    change({ account });
    if (account) void goOn();
    else if (store.state.problem?.code === "unauthorized") openSignIn();
    else void openLinked();
  });
}

export function openSignIn(): void {
  change({ offered: true });
  store.set({ dialog: "signin" });
}

/** Resolves with what is wrong, in words. */
export async function signIn(name: string, password: string): Promise<string | undefined> {
  const host = theHost();
  if (!host) return "No server was found where this page comes from. Reload the page to look again.";
  try {
    forgetSession();
    const account = await host.login({ name, password });
    change({ account });
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === "unauthorized" ? "The name or the password is wrong." : told(error);
  }
  store.set({ dialog: undefined });
  announce(`Signed in as ${name}`);
  await goOn();
  return undefined;
}

/** Somebody is signed in: what waited for it. */
async function goOn(): Promise<void> {
  change({ resuming: undefined });
  if (store.state.stage === "broken") {
    store.set({ stage: "starting", problem: undefined });
    await start().catch(() => undefined);
  }
  void listBuildings();
  void openLinked();
}

/** Resolves with what is wrong, in words, and whether it is with the current one. */
export async function changePassword(
  current: string,
  next: string,
): Promise<{ why: string; current: boolean } | undefined> {
  try {
    await theHost()!.changePassword({ current, next });
  } catch (error) {
    const { code } = problemOf(error);
    return { why: told(error), current: code === "wrong-password" };
  }
  store.set({ dialog: undefined });
  notify("info", "Your password is another one now. Wherever else you were signed in you are signed out.");
  return undefined;
}

export async function signOut(): Promise<void> {
  leaveRoom();
  try {
    await endSession();
  } catch (error) {
    const { message } = problemOf(error);
    notify(
      "error",
      `You are signed out here, but the server could not be told: ${message} There the session ends later, by itself.`,
    );
  }
  signedOut();
  announce("Signed out");
}

function signedOut(): void {
  leaveRoom();
  change({ ...noTeam, offered: true, account: undefined, buildings: undefined, asking: undefined });
}

/** Opens the building that the address names; says why it cannot be opened. */
export async function openLinked(): Promise<void> {
  const { building: id } = linked();
  const { stage, team } = store.state;
  if (!id || id === team.building?.id || stage === "broken") return;
  const host = theHost();
  if (!host?.live) {
    writeOpened({});
    notify(
      "fatal",
      "The link names a building of a team, and there is no Plancheck server here that keeps buildings. Open it at the address of your server.",
    );
    return;
  }
  if (!host.account) return team.resuming ? undefined : openSignIn();
  let building: Building;
  try {
    building = await host.buildings.get(id);
  } catch (error) {
    const { code } = problemOf(error);
    if (code === "unauthorized") return sessionOver();
    if (code === "no-such-building") {
      // Loading the page again is not to say so once more.
      writeSelected();
      notify(
        "fatal",
        `The link leads to the building “${id}”, which you do not see: it was removed, or it belongs to another organisation than yours, ${host.account.organisation}. Ask who sent you the link.`,
        code,
      );
    } else notify("fatal", `The building of the link, “${id}”, was not opened. ${withAdvice(error)}`, code);
    return;
  }
  if (await mayLoseEdits(`Discard and open ${building.name}`)) await open(building);
  else writeSelected();
}

/** The address is another one: a link was followed in this page. */
export async function followLink(): Promise<void> {
  const { building } = linked();
  if (building && building !== store.state.team.building?.id) await openLinked();
  else selectLinked();
}

function sessionOver(): void {
  // The end of the live connection has said so.
  if (!store.state.team.account) return;
  change({ ...alone, account: undefined, buildings: undefined });
  notify("error", "Your session at this server has ended. Sign in again.", "unauthorized");
}

/** An error in words; with what to do where the error does not say it. */
function withAdvice(error: unknown): string {
  const { message, advice } = problemOf(error);
  return advice ? told(error) : `${message} Try again; if it stays so, tell who runs the server.`;
}

let listed = 0;

/** Lists again what was listed a while ago: others upload, too. */
export function refreshBuildings(): void {
  if (store.state.team.account && performance.now() - listed > 5_000) void listBuildings();
}

export async function listBuildings(): Promise<void> {
  listed = performance.now();
  const buildings = await asking(
    "Listing the buildings",
    "The buildings cannot be listed",
    () => theHost()!.buildings.list(),
    store.state.team.buildings !== undefined,
  );
  if (buildings) change({ buildings });
}

/** Asks the server; what is wrong is said, unless the answer is not needed. */
async function asking<Result>(
  what: string,
  failed: string,
  act: () => Promise<Result>,
  quiet = false,
): Promise<Result | undefined> {
  if (!quiet) change({ asking: what });
  try {
    return await act();
  } catch (error) {
    const { code } = problemOf(error);
    if (code === "unauthorized") sessionOver();
    else if (!quiet) notify("error", `${failed}. ${withAdvice(error)}`, code);
    return undefined;
  } finally {
    change({ asking: undefined });
  }
}

/** Uploads the open model as a building of the team, and goes on with it together. */
export async function shareModel(): Promise<void> {
  const { model, jurisdiction, edits } = store.state;
  const host = theHost();
  if (!model || !host) return;
  const building = await asking(`Uploading ${model.name}`, `${model.name} was not uploaded`, () =>
    host.buildings.upload(model.file, { name: model.name, ...(jurisdiction ? { jurisdiction } : {}) }),
  );
  if (!building) return;
  void listBuildings();
  // What was edited before is shared, too: the file does not hold it.
  const made = edits.map(({ edit }) => edit);
  if (store.state.model?.file === model.file) join(building, { made, reopen: enterAgain });
}

/** Makes the open model that of a building, and goes on with it together. */
export async function replaceByOpen(building: Building): Promise<void> {
  const { model, edits, report } = store.state;
  if (!model) return;
  // The same model again drops nothing.
  const same = report?.model.digest === building.model;
  if (!same && !(await mayReplace(building, model.name))) return;
  const replaced = await replace(building, model.file, model.name);
  if (!replaced || store.state.model?.file !== model.file) return;
  const place = replaced.jurisdiction ?? "";
  if (store.state.jurisdiction !== place) await setJurisdiction(place);
  join(replaced, { made: edits.map(({ edit }) => edit), reopen: enterAgain });
}

/** Gives the building that is open another model; the page hears of it as everybody does. */
export async function replaceByFile(building: Building, file: File): Promise<void> {
  if (!(await canBeModel(file)))
    return notify("error", `${noModelIn(file)}, so ${building.name} stays as it is. ${whatModelsAre}`);
  if (await mayReplace(building, file.name)) await replace(building, file, file.name);
}

/** Models that this page gave buildings, by the building. */
const uploaded = new Map<string, string>();

async function replace({ id, name }: Building, file: Blob, by: string): Promise<Building | undefined> {
  const replaced = await asking(`Uploading ${by}`, `The model of ${name} was not replaced`, () =>
    theHost()!.buildings.upload(file, { id }),
  );
  if (replaced) {
    uploaded.set(id, replaced.model);
    void listBuildings();
  }
  return replaced;
}

/** Asks, with the edits that another model drops. */
async function mayReplace(building: Building, by: string): Promise<boolean> {
  const { waiting, building: opened } = store.state.team;
  const unsent = opened?.id === building.id ? waiting : 0;
  const said = await asking("Counting the edits", "", () => editsOf(building, unsent), true);
  const rest = `Everybody who looks at it gets ${by} in its place.`;
  const many = said && count(said.number, "edit");
  return ask({
    title: `Replace the model of ${building.name}?`,
    text:
      said === undefined
        ? `Edits that were made since it was uploaded are dropped: they are not in the file. How many there are could not be asked. ${rest}`
        : said.number === 0
          ? `It was not edited since it was uploaded. ${rest}`
          : `${many} made since it was uploaded, by ${named(said.people)}, ${said.number === 1 ? "is" : "are"} dropped. ${rest} Export a report first, if you need a record of what was changed.`,
    act: said?.number ? `Drop ${many} and replace` : "Replace",
    stay: "Keep it as it is",
  });
}

async function editsOf({ id }: Building, unsent: number): Promise<{ number: number; people: string[] }> {
  const { edits } = await theHost()!.buildings.edits(id);
  const made = edits.filter(({ skipped }) => !skipped);
  const people = new Set(made.map(({ by }) => by));
  if (unsent > 0) people.add("you");
  return { number: made.reduce((sum, { edits }) => sum + edits.length, unsent), people: [...people] };
}

/** Opens a building and looks at it together with whoever else does. */
export async function enter(building: Building): Promise<void> {
  if (await mayLoseEdits(`Discard and open ${building.name}`)) await open(building);
}

/** `again`: in place of the model that it had before; the page stays as it is looked at. */
async function open(building: Building, again = false): Promise<void> {
  const host = theHost()!;
  // The open model stays until the other one is here.
  const file = await asking(`Fetching ${building.name}`, `${building.name} was not opened`, () =>
    host.buildings.model(building.id),
  );
  if (!file) return;
  // A link may name what to select in it.
  const link = linked();
  leaveRoom();
  const { detail, filters, pane } = store.state;
  if (!again) closeModel();
  writeHash(link.building === building.id ? link : { building: building.id });
  const place = building.jurisdiction ?? "";
  if (store.state.jurisdiction !== place) {
    await setJurisdiction(place);
    if (store.state.jurisdiction !== place) return;
  }
  const looked = again ? { detail, filters, pane } : undefined;
  await openModel(file, await fileName(building.name, file), { building: building.id, looked });
  if (store.state.stage === "ready") join(building, { made: [], reopen: enterAgain });
}

/** Another model was uploaded, or too much was missed: begins anew with what the server has. */
async function enterAgain(former: Building, edits: number): Promise<void> {
  const { id, name } = former;
  try {
    const building = await theHost()!.buildings.get(id);
    // The server does not say who uploads; this page knows what it has uploaded itself.
    const mine = uploaded.get(id) === building.model;
    const gone =
      edits > 0
        ? ` The team’s ${count(edits, "edit")} to the former model ${edits === 1 ? "is" : "are"} gone.`
        : "";
    notify(
      "info",
      `${name} has another model now: ${mine ? "you" : "somebody"} uploaded it at ${hour(building.updated_at)}. It is opened.${gone}`,
    );
    await open(building, true);
  } catch (error) {
    notify("error", `${name} was not opened again. ${withAdvice(error)}`);
  }
}

function hour(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? time : date.toLocaleTimeString("en", { timeStyle: "short" });
}

/** A name that says what kind of file it is, where the building's does not. */
async function fileName(name: string, file: Blob): Promise<string> {
  if (/\.(ifc|ifczip|json)$/i.test(name)) return name;
  const begin = await file.slice(0, 64).text();
  if (/^\ufeff?\s*\{/.test(begin)) return `${name}.json`;
  return begin.startsWith("PK") ? `${name}.ifczip` : `${name}.ifc`;
}

export function leave(): void {
  leaveRoom();
  announce("You look at the model alone now");
}
