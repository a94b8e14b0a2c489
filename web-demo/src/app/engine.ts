// The checker: started once, with the modules of the server, or those that are shipped beside the page.

import { createChecker, type Checker, type ModuleSource } from "@plancheck/engine";

import { problemOf } from "../logic/problems";
import { findHost, hostModules } from "./host";
import { notify } from "./notices";
import { store } from "./store";

/** What the static build ships beside itself. */
interface Index {
  modules: { id: string; url: string; bytes: number; digest?: string }[];
}

let ready: Promise<Checker> | undefined;

/** Starts the engine and loads the modules, once. */
export function start(): Promise<Checker> {
  ready ??= begin().catch((error: unknown) => {
    ready = undefined;
    store.set({ stage: "broken", problem: problemOf(error, "The engine cannot be started") });
    throw error;
  });
  return ready;
}

/** Lets go of an engine that has stopped; the next `start` makes another. */
export async function restart(): Promise<void> {
  const stopped = ready;
  ready = undefined;
  (await stopped?.catch(() => undefined))?.close();
}

async function begin(): Promise<Checker> {
  const { index, hosted } = await readIndex();
  const host = hosted ? await findHost() : undefined;
  const base = document.baseURI;
  const sources: ModuleSource[] = host
    ? await hostModules()
    : index.modules.map((module) => ({ ...module, url: new URL(module.url, base).href }));
  const checker = await createChecker({ modules: sources, ...placed(store.state.jurisdiction) });
  checker.on("module-failed", ({ module, code, message }) => {
    notify("fatal", `${module}: ${message}`, code);
  });
  const modules = checker.modules();
  store.set({
    stage: store.state.stage === "starting" ? "empty" : store.state.stage,
    modules,
    engine: checker.engine,
  });
  return checker;
}

/** An engine that takes the place of one that stopped goes on with its place. */
function placed(jurisdiction: string) {
  return jurisdiction ? { jurisdiction } : {};
}

async function readIndex(): Promise<{ index: Index; hosted: boolean }> {
  const answer = await fetch("./modules.json");
  if (!answer.ok) throw new Error(`modules.json: ${answer.status} ${answer.statusText}`);
  const hosted = answer.headers.has("plancheck-host");
  return { index: (await answer.json()) as Index, hosted };
}
