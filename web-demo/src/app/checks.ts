// Opening a model, checking it, and checking it again.

import type { Checker } from "@plancheck/engine";

import { isAbort, problemOf } from "../logic/problems";
import { restart, start } from "./engine";
import { notify } from "./notices";
import { clearScene, loadScene, showElements } from "./scene";
import { selectLinked } from "./selection";
import { store, noModel, type Progress, type Row } from "./store";
import type { Finding, Report } from "./types";
import { setSample } from "./url";

let current: AbortController | undefined;
/** The report of the file as it is, for comparing with the server: edits are not in it. */
let unedited: Uint8Array | undefined;

const running = (done = 0, total?: number): Progress =>
  total === undefined ? { done, state: "running" } : { done, total, state: "running" };

/** Reads and checks a model; what was open before is closed. */
export async function openModel(file: Blob, name: string, sample?: string): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  current = controller;
  const { signal } = controller;
  clearScene();
  unedited = undefined;
  store.set({ ...noModel, stage: "loading", loadingName: name, reading: running(0, file.size) });
  document.title = `${name} · Plancheck`;
  setSample(sample);
  const geometry = loadScene(file, name, signal);
  try {
    const checker = await start();
    const summary = await checker.load(file, {
      name,
      signal,
      onProgress: ({ done, total }) => {
        if (!signal.aborted) store.set({ reading: running(done, total) });
      },
    });
    signal.throwIfAborted();
    store.set({
      model: { name, bytes: file.size, file, summary },
      reading: { done: 1, total: 1, state: "done" },
      checking: running(),
    });
    await judge(checker, signal);
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
    if (current !== controller) return;
    controller.abort();
    clearScene();
    document.title = "Plancheck";
    const problem = isAbort(error) ? undefined : problemOf(error, "The model cannot be checked");
    if (problem && problem.code === "session-over") await restart();
    store.set({ ...noModel, stage: store.state.stage === "broken" ? "broken" : "empty", problem });
    setSample(undefined);
  }
  await geometry;
}

/** Stops what is being loaded or checked. */
export function cancel(): void {
  current?.abort(new DOMException("cancelled by the user", "AbortError"));
}

export function closeModel(): void {
  cancel();
  current = undefined;
  clearScene();
  setSample(undefined);
  document.title = "Plancheck";
  store.set({ ...noModel, stage: "empty" });
}

async function judge(checker: Checker, signal?: AbortSignal): Promise<void> {
  const { detail } = store.state;
  const result = await checker.validate({
    detail,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => store.set({ checking: running(done, total) }),
  });
  signal?.throwIfAborted();
  if (store.state.edits.length === 0 && !detail) unedited = result.bytes;
  showReport(result.report);
  store.set({ checkedIn: result.milliseconds, checking: { done: 1, total: 1, state: "done" } });
}

function showReport(report: Report): void {
  store.set({
    report,
    findings: new Map(report.findings.map((finding: Finding) => [finding.id, finding])),
    summary: report.summary,
  });
}

/** Judges again, with another place or with what passes, too. */
async function again(change: (checker: Checker) => Promise<void>): Promise<boolean> {
  const checker = await start();
  if (store.state.busy) return false;
  store.set({ busy: true });
  try {
    await change(checker);
    if (store.state.model) await judge(checker);
    return true;
  } catch (error) {
    const problem = problemOf(error, "The check was not made");
    notify("error", `${problem.title}. ${problem.message} ${problem.advice ?? ""}`, problem.code);
    return false;
  } finally {
    store.set({ busy: false });
  }
}

export async function setJurisdiction(place: string): Promise<void> {
  const before = store.state.jurisdiction;
  unedited = undefined;
  const done = await again(async (checker) => {
    await checker.setJurisdiction(place);
    store.set({ jurisdiction: place, modules: checker.modules() });
  });
  if (!done && store.state.jurisdiction !== before) store.set({ jurisdiction: before });
}

/** Whether the list also holds what passes. */
export async function setDetail(detail: boolean): Promise<void> {
  if (store.state.detail === detail) return;
  store.set({ detail });
  if (!(await again(async () => {}))) store.set({ detail: !detail });
}

/** Brings the rules' counts up to date after edits; the findings are so already. */
export async function refreshRules(): Promise<void> {
  const checker = await start();
  const before = store.state.last;
  const { report } = await checker.report();
  if (store.state.last === before && store.state.report) store.set({ report });
}

/** The bytes of the report as it is now, edits and all. */
export async function reportBytes(): Promise<Uint8Array> {
  const checker = await start();
  return (await checker.report()).bytes;
}

/** The report of the file as it was opened. */
export function uneditedReport(): Uint8Array | undefined {
  return unedited;
}

export async function checkIds(files: readonly { name: string; bytes: Uint8Array }[]): Promise<void> {
  const checker = await start();
  try {
    store.set({ ids: await checker.idsCheck(files), tab: "readiness" });
  } catch (error) {
    const problem = problemOf(error, "The IDS document cannot be checked");
    notify("error", `${problem.title}. ${problem.message}`, problem.code);
  }
}
