// The result in short: score, how much was decided, verdicts by kind (which filter the list), and
// what is missing when a module failed.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

import { setDetail } from "../app/checks";
import { isOpen, store, type State } from "../app/store";
import type { Summary, Verdict } from "../app/types";
import { count, duration } from "../logic/wording";
import { icon, verdictIcon, verdictWord } from "../parts/icons";
import { panel } from "../parts/panel";

export function mountSummary(): void {
  panel(
    "summary",
    ["stage", "summary", "report", "filters", "detail", "checkedIn", "modules", "busy", "edits", "team"],
    summaryBar,
    isOpen,
  );
}

const kinds = ["fail", "undetermined", "pass", "not_applicable"] as const;

const nothingYet: Summary = {
  pass: 0,
  fail: 0,
  undetermined: 0,
  not_applicable: 0,
  score: null,
  decided: null,
  complete: true,
};

function summaryBar(state: State): TemplateResult {
  const summary = state.summary ?? nothingYet;
  const decided = summary.pass + summary.fail;
  const governed = decided + summary.undetermined;
  const few = summary.decided !== null && summary.decided < FEW_DECIDED;
  return html`
    <div class="figures">
      ${figure(summary.score, "score", `of ${decided.toLocaleString("en")} decided`, "Passed, of what passed and failed", few ? "doubtful" : "")}
      ${figure(summary.decided, "decided", `${decided.toLocaleString("en")} of ${governed.toLocaleString("en")}`, "Passed and failed, of all that the rules govern: how much the data let be judged", few ? "few" : "")}
    </div>
    <div class="distribution">
      <div class="stack" aria-hidden="true">${kinds.map((kind) => segment(kind, summary))}</div>
      <div class="chips" role="group" aria-label="Verdicts shown">
        ${kinds.map((kind) => chip(kind, summary, state))}
      </div>
    </div>
    <div class="checked">
      <span
        >${state.report ? `${count(state.report.rules.length, "rule")} · ${count(state.report.model.elements, "element")}` : ""}</span
      >
      <span class="faint">${checkedText(state)}</span>
    </div>
    ${summary.complete ? nothing : incomplete(state)}
  `;
}

function checkedText(state: State): string {
  if (state.team.catching) return "not current yet";
  if (state.busy) return "checking…";
  const unsent = state.team.unsent.length;
  if (state.edits.length > 0)
    return `with ${count(state.edits.length, "edit")}${unsent > 0 ? `, ${unsent} not sent` : ""}`;
  return state.checkedIn === undefined ? "" : `judged in ${duration(state.checkedIn)}`;
}

/** Percent: below it the score speaks of the smaller part, and is not to catch the eye. */
const FEW_DECIDED = 50;

/** Both figures weigh the same: a score of few decided verdicts would mislead. */
function figure(
  value: number | null,
  label: string,
  of: string,
  title: string,
  className: string,
): TemplateResult {
  return html`<div class="figure ${className}" title=${title}>
    <span class="figure-value">${value === null ? "–" : value.toFixed(1)}<small>%</small></span>
    <span class="figure-label"
      ><b>${label}</b> ${value === null ? nothing : html`<span class="figure-of">${of}</span>`}</span
    >
  </div>`;
}

function segment(kind: (typeof kinds)[number], summary: Summary): TemplateResult | typeof nothing {
  const share = summary[kind];
  if (share === 0) return nothing;
  // Set through the CSSOM: the page allows no style attributes.
  const size = (node: Element | undefined) => {
    if (node instanceof HTMLElement) node.style.flexGrow = String(share);
  };
  return html`<i class="fill-${kind}" ${ref(size)}></i>`;
}

function chip(kind: (typeof kinds)[number], summary: Summary, state: State): TemplateResult {
  const number = state.summary ? summary[kind].toLocaleString("en") : "–";
  if (kind === "not_applicable") {
    return html`<span class="chip quiet" title="The rule does not apply to the element"
      >${verdictIcon(kind)}<b>${number}</b> not applicable</span
    >`;
  }
  const shown =
    kind === "pass" ? state.detail && !state.filters.hidden.has(kind) : !state.filters.hidden.has(kind);
  const title = `${shown ? "Hide" : "Show"} what ${kind === "undetermined" ? "is undetermined" : kind === "fail" ? "fails" : "passes"}`;
  return html`<button
    type="button"
    class="chip"
    aria-pressed=${shown}
    title=${title}
    ?disabled=${state.busy || !state.report}
    @click=${() => toggle(kind, shown)}
  >
    ${verdictIcon(kind)}<b>${number}</b> ${verdictWord[kind].toLowerCase()}
  </button>`;
}

function toggle(kind: Verdict, shown: boolean): void {
  const hidden = new Set(store.state.filters.hidden);
  if (shown) hidden.add(kind);
  else hidden.delete(kind);
  store.set({ filters: { ...store.state.filters, hidden } });
  // What passes is not in the report unless it is asked for.
  if (kind === "pass") void setDetail(!shown);
}

function incomplete(state: State): TemplateResult {
  const failed = (state.report?.ruleset.modules ?? []).filter((module) => module.status === "unavailable");
  const rules = (state.report?.rules ?? []).filter((rule) => rule.problem);
  const first = failed[0]?.problem ?? rules[0]?.problem;
  const what = [
    failed.length > 0
      ? `${count(failed.length, "module")} could not be used (${failed.map((module) => module.id).join(", ")})`
      : "",
    rules.length > 0 ? `${count(rules.length, "rule")} could not be evaluated` : "",
  ].filter(Boolean);
  return html`<p class="banner warning" role="alert">
    ${icon("warning")}
    <span
      ><b>This result is not complete.</b> ${what.join("; ") || "A readiness document could not be checked"}.
      Nothing is said about what they cover.
      ${first ? html`<span class="faint">${first.code}: ${first.message}</span>` : nothing}</span
    >
    <button type="button" class="button" @click=${() => store.set({ tab: "modules" })}>Show modules</button>
  </p>`;
}
