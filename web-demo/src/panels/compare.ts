// Proof that the server and this browser agree: the same file, both reports, byte for byte.

import { html, nothing, type TemplateResult } from "lit-html";

import { uneditedReport } from "../app/checks";
import { compareWithHost, type Comparison, type Side } from "../app/host";
import { store, type State } from "../app/store";
import type { Problem } from "../app/types";
import { isAbort, problemOf } from "../logic/problems";
import { duration, size } from "../logic/wording";
import { icon } from "../parts/icons";

type Step =
  | { at: "asking" }
  | { at: "sending" }
  | { at: "done"; result: Comparison }
  | { at: "failed"; problem: Problem };

let step: Step = { at: "asking" };
let running: AbortController | undefined;

export function resetComparison(): void {
  running?.abort();
  step = { at: "asking" };
}

function go(next: Step): void {
  step = next;
  // The dialog is drawn again.
  if (store.state.dialog === "compare") store.set({ dialog: "compare", edits: [...store.state.edits] });
}

async function compare(): Promise<void> {
  const here = uneditedReport();
  if (!here) return;
  running = new AbortController();
  const { signal } = running;
  go({ at: "sending" });
  try {
    const result = await compareWithHost(here, signal);
    if (!signal.aborted) go({ at: "done", result });
  } catch (error) {
    if (!signal.aborted && !isAbort(error))
      go({ at: "failed", problem: problemOf(error, "The server did not answer") });
  }
}

export function compareDialog(state: State): TemplateResult {
  switch (step.at) {
    case "asking":
      return asking(state);
    case "sending":
      return html`<p>The server checks ${state.model?.name}…</p>
        <progress aria-label="Waiting for the server"></progress>`;
    case "failed":
      return html`<div class="banner error" role="alert">
          ${icon("warning")}
          <div>
            <b>${step.problem.title}</b>
            <p>${step.problem.message}</p>
            ${step.problem.advice ? html`<p>${step.problem.advice}</p>` : nothing}
          </div>
        </div>
        <div class="dialog-actions">
          <button type="button" class="button" @click=${compare}>Try again</button>
        </div>`;
    case "done":
      return result(step.result);
  }
}

function asking(state: State): TemplateResult {
  const { model, host, edits } = state;
  if (!uneditedReport()) {
    return html`<p>
      The report of the unedited file is not at hand: it is made when a file is opened, for the codes chosen
      then. Undo the edits and choose the codes again.
    </p>`;
  }
  return html`
    <p>
      <b>${model?.name}</b> (${size(model?.bytes ?? 0)}) is sent to <b>${host?.url}</b>, which checks it and
      keeps nothing. Its report is then held against the one made here, byte for byte.
    </p>
    ${edits.length > 0 ? html`<p class="hint">The file is compared as it was opened; your edits are neither sent nor compared.</p>` : nothing}
    <div class="dialog-actions">
      <button type="button" class="button primary" autofocus @click=${compare}>
        ${icon("server")}Send and compare
      </button>
    </div>
  `;
}

function result({ same, firstDifference, here, there, milliseconds }: Comparison): TemplateResult {
  return html`
    <p class="compare-verdict ${same ? "verdict-pass" : "verdict-fail"}" role="status">
      ${icon(same ? "pass" : "fail")}<b
        >${same ? "Equal, byte for byte" : `They differ${firstDifference ? `, first at ${firstDifference}` : ""}`}</b
      >
    </p>
    <table class="compare">
      <thead>
        <tr>
          <td></td>
          <th scope="col">This browser</th>
          <th scope="col">Server</th>
        </tr>
      </thead>
      <tbody>
        ${line("Report", here, there, (side) => `${side.bytes.toLocaleString("en")} bytes`)}
        ${here.digest ? line("SHA-256", here, there, (side) => side.digest ?? "") : nothing}
        ${line("Ruleset", here, there, (side) => side.ruleset)}
        ${line("Engine", here, there, (side) => side.engine)}
      </tbody>
    </table>
    <p class="hint">
      The server took ${duration(milliseconds)}, upload
      included.${same ? "" : " Other digests of ruleset or engine explain a difference."}
    </p>
  `;
}

function line(name: string, here: Side, there: Side, text: (side: Side) => string): TemplateResult {
  const cell = (side: Side) => html`<td class="mono" title=${text(side)}>${text(side)}</td>`;
  return html`<tr class=${text(here) === text(there) ? "" : "differs"}>
    <th scope="row">${name}</th>
    ${cell(here)}${cell(there)}
  </tr>`;
}
