// The team: signing in, buildings, and the one that is looked at together.

import type { Building } from "@plancheck/engine";

import { problemOf } from "../logic/problems";
import { setJurisdiction } from "./checks";
import { mayLoseEdits } from "./confirm";
import { start } from "./engine";
import { theHost } from "./host";
import { announce, notify } from "./notices";
import { closeModel, openModel } from "./opening";
import { store } from "./store";
import { join, leaveRoom } from "./team-room";
import { alone, noTeam, type Team } from "./team-state";

function change(team: Partial<Team>): void {
  store.set({ team: { ...store.state.team, ...team } });
}

/** Follows what the page does: a server that is found, a session that ends. */
export function startTeam(): void {
  store.watch(["host"], () => {
    if (store.state.host) change({ offered: theHost()?.live !== undefined });
  });
  // A server that is open to nobody in particular shows its modules to accounts only.
  store.watch(["problem"], ({ problem, stage, team }) => {
    if (stage === "broken" && problem?.code === "unauthorized" && !team.account) openSignIn();
  });
}

export function openSignIn(): void {
  change({ offered: true });
  store.set({ dialog: "signin" });
}

/** Resolves with what is wrong, in words. */
export async function signIn(name: string, password: string): Promise<string | undefined> {
  const host = theHost();
  if (!host) return "There is no server.";
  try {
    const account = await host.login({ name, password });
    change({ account });
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === "unauthorized" ? "The name or the password is wrong." : problemOf(error).message;
  }
  store.set({ dialog: undefined });
  announce(`Signed in as ${name}`);
  if (store.state.stage === "broken") {
    store.set({ stage: "starting", problem: undefined });
    await start().catch(() => undefined);
  }
  await listBuildings();
  return undefined;
}

export async function signOut(): Promise<void> {
  leaveRoom();
  try {
    await theHost()?.logout();
  } catch (error) {
    notify("error", `The server was not told: ${problemOf(error).message}`);
  }
  change({ ...noTeam, offered: true, account: undefined, buildings: undefined, asking: undefined });
  announce("Signed out");
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
    () => theHost()!.buildings.list(),
    store.state.team.buildings !== undefined,
  );
  if (buildings) change({ buildings });
}

/** Asks the server; what is wrong is said, unless the answer is not needed. */
async function asking<Result>(
  what: string,
  ask: () => Promise<Result>,
  quiet = false,
): Promise<Result | undefined> {
  if (!quiet) change({ asking: what });
  try {
    return await ask();
  } catch (error) {
    const { code, message } = problemOf(error);
    if (code === "unauthorized") change({ ...alone, account: undefined, buildings: undefined });
    if (!quiet) notify("error", `${what}: ${message}`, code);
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
  const building = await asking(`Uploading ${model.name}`, () =>
    host.buildings.upload(model.file, { name: model.name, ...(jurisdiction ? { jurisdiction } : {}) }),
  );
  if (!building) return;
  void listBuildings();
  // What was edited before is shared, too: the file does not hold it.
  const made = edits.map(({ edit }) => edit);
  if (store.state.model?.file === model.file) join(building, { made, reopen: enterAgain });
}

/** Opens a building and looks at it together with whoever else does. */
export async function enter(building: Building): Promise<void> {
  if (await mayLoseEdits(`Discard and open ${building.name}`)) await open(building);
}

async function open(building: Building): Promise<void> {
  const host = theHost()!;
  // The open model stays until the other one is here.
  const file = await asking(`Fetching ${building.name}`, () => host.buildings.model(building.id));
  if (!file) return;
  leaveRoom();
  closeModel();
  const place = building.jurisdiction ?? "";
  if (store.state.jurisdiction !== place) {
    await setJurisdiction(place);
    if (store.state.jurisdiction !== place) return;
  }
  await openModel(file, await fileName(building.name, file));
  if (store.state.stage === "ready") join(building, { made: [], reopen: enterAgain });
}

/** Another model was uploaded, or too much was missed: begins anew with what the server has. */
async function enterAgain({ id, name }: Building): Promise<void> {
  notify("info", `${name} has another model now. It is opened.`);
  try {
    await open(await theHost()!.buildings.get(id));
  } catch (error) {
    notify("error", `${name} cannot be opened again: ${problemOf(error).message}`);
  }
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
