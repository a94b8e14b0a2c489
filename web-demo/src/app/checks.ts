// Checking the open model, and checking it again.

import type { Checker } from "@plancheck/engine";

import { problemOf, wholly } from "../logic/problems";
import { start } from "./engine";
import { notify } from "./notices";
import { store, type Progress } from "./store";
import type { Finding, MadeEdit, Report } from "./types";

/** The report of the file as it is, for comparing with the server: edits are not in it. */
let unedited: Uint8Array | undefined;

export const running = (done = 0, total?: number): Progress =>
  total === undefined ? { done, state: "running" } : { done, total, state: "running" };

/** What was judged of another model says nothing of the next. */
export function forgetChecks(): void {
  unedited = undefined;
}

export async function judge(checker: Checker, signal?: AbortSignal): Promise<void> {
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

/** Makes edits again in a model that was opened anew. */
export async function remake(
  checker: Checker,
  edits: readonly MadeEdit[],
  undone: readonly MadeEdit[],
): Promise<void> {
  if (edits.length > 0) {
    await checker.edit(edits.map((made) => made.edit));
    showReport((await checker.report()).report);
  }
  store.set({ edits, undone });
}

/** The findings as they are now; nothing is flashed. */
export function showReport(report: Report): void {
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
    notify("error", wholly(problem), problem.code);
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

/** The report as it is now, edits and all. */
export async function reportNow(): Promise<{ bytes: Uint8Array; report: Report }> {
  const checker = await start();
  return checker.report();
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
    notify("error", wholly(problem), problem.code);
  }
}
