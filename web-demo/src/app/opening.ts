// Opening and closing models. The one that is open is given up only for one that can be read: where
// the next cannot, or the user changes their mind, the former comes back with its edits.

import { isAbort, problemOf, wholly } from "../logic/problems";
import { forgetChecks, judge, remake, running } from "./checks";
import { restart, start } from "./engine";
import { notify } from "./notices";
import { clearScene, loadScene, showElements } from "./scene";
import { selectLinked } from "./selection";
import { noModel, store, type Row, type State } from "./store";
import type { Problem } from "./types";
import { writeOpened } from "./url";

/** A model's bytes, or how they are fetched. */
export type Source =
  Blob | ((signal: AbortSignal, heard: (done: number, total?: number) => void) => Promise<Blob>);

interface Wanted {
  source: Source;
  name: string;
  sample?: string | undefined;
  /** Id of the building of the server that it is the model of. */
  building?: string | undefined;
  /** The model was open before: edits to make again, and how the list was looked at. */
  former?: Pick<State, "edits" | "undone" | "detail" | "filters">;
  /** How it is looked at stays: it takes the place of one that somebody replaced. */
  looked?: Pick<State, "detail" | "filters" | "pane"> | undefined;
}

type Outcome =
  | { is: "open" }
  /** Something else was opened meanwhile, or the model was closed. */
  | { is: "overtaken" }
  /** `untouched`: the engine and the 3D view still hold the former model. */
  | { is: "failed"; problem: Problem | undefined; untouched: boolean };

let current: AbortController | undefined;

/** Reads and checks a model in place of the one that is open. */
export async function openModel(
  source: Source,
  name: string,
  { sample, building, looked }: Pick<Wanted, "sample" | "building" | "looked"> = {},
): Promise<void> {
  const before = store.state;
  const outcome = await open({ source, name, sample, building, looked });
  if (outcome.is !== "failed") return;
  const { problem } = outcome;
  if (problem?.code === "session-over") await restart();
  if (before.stage !== "ready" || !before.model) {
    giveUp(problem);
    return;
  }
  if (problem) {
    notify("error", `${name}: ${wholly(problem)}`, problem.code);
  }
  const { file, name: former, sample: formerSample } = before.model;
  if (outcome.untouched) {
    store.set(openedBefore(before));
    document.title = `${former} · Plancheck`;
    return;
  }
  const again = await open({
    source: file,
    name: former,
    sample: formerSample,
    building: before.team.building?.id,
    former: before,
  });
  if (again.is === "failed") giveUp(again.problem);
}

/** What the page showed of the model that was open. */
function openedBefore(before: State): Partial<State> {
  const kept = Object.keys(noModel).map((key) => [key, before[key as keyof State]]);
  return { ...(Object.fromEntries(kept) as Partial<State>), stage: before.stage };
}

function giveUp(problem: Problem | undefined): void {
  clearScene();
  document.title = "Plancheck";
  store.set({ ...noModel, stage: store.state.stage === "broken" ? "broken" : "empty", problem });
  writeOpened({});
}

async function open({ source, name, sample, building, former, looked: as }: Wanted): Promise<Outcome> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  const { signal } = controller;
  let untouched = true;
  let geometry: Promise<void> | undefined;
  const looked = as
    ? { ...as, stays: true }
    : former
      ? { detail: former.detail, filters: former.filters }
      : {};
  store.set({ ...noModel, ...looked, stage: "loading", loadingName: name, reading: running() });
  document.title = `${name} · Plancheck`;
  try {
    const file =
      source instanceof Blob
        ? source
        : await source(signal, (done, total) => {
            if (!signal.aborted) store.set({ reading: running(done, total) });
          });
    signal.throwIfAborted();
    untouched = false;
    clearScene();
    forgetChecks();
    writeOpened({ sample, building });
    geometry = loadScene(file, name, signal);
    const checker = await unless(signal, start());
    const summary = await checker.load(file, {
      name,
      signal,
      onProgress: ({ done, total }) => {
        if (!signal.aborted) store.set({ reading: running(done, total) });
      },
    });
    signal.throwIfAborted();
    store.set({
      model: { name, bytes: file.size, file, summary, sample },
      reading: { done: 1, total: 1, state: "done" },
      checking: running(),
    });
    await judge(checker, signal);
    if (former) await remake(checker, former.edits, former.undone);
    const { elements: rows, storeys } = await checker.elements();
    signal.throwIfAborted();
    store.set({
      stage: "ready",
      elements: new Map(rows.map((row: Row) => [row.global_id, row])),
      storeys: storeys.toSorted((a, b) => (b.elevation ?? 0) - (a.elevation ?? 0)),
    });
    showElements({ elements: rows, storeys });
    selectLinked();
  } catch (error) {
    if (current !== controller) return { is: "overtaken" };
    controller.abort();
    await geometry;
    const problem = isAbort(error) ? undefined : problemOf(error, "The model cannot be checked");
    return { is: "failed", problem, untouched };
  }
  await geometry;
  return { is: "open" };
}

/** Waits, but no longer than until it is cancelled. */
function unless<Result>(signal: AbortSignal, coming: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    coming.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Stops what is being fetched, loaded or checked. */
export function cancel(): void {
  current?.abort(new DOMException("cancelled by the user", "AbortError"));
}

export function closeModel(): void {
  cancel();
  current = undefined;
  forgetChecks();
  giveUp(undefined);
}
