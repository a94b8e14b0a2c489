// What the model has to say before rules can judge it: the IDS documents that modules carry, and
// those that were dropped.

import { html, nothing, type TemplateResult } from "lit-html";

import { chooseFile } from "../app/files";
import { select } from "../app/selection";
import { store, type State } from "../app/store";
import type { Failing, Specification } from "../app/types";
import { elementLabel } from "../logic/findings";
import { count } from "../logic/wording";
import { icon, type IconName } from "../parts/icons";

/** Rows of one requirement that are drawn; the counts say how many there are. */
const SHOWN = 100;

/** Specifications that are not met. */
export function readinessCount(state: State): number | undefined {
  const documents = [...(state.report?.readiness ?? []), ...(state.ids?.documents ?? [])];
  const failing = documents
    .flatMap((document) => document.specifications)
    .filter((one) => one.status !== "pass");
  return failing.length || undefined;
}

export function readinessPanel(state: State): TemplateResult {
  const own = state.report?.readiness ?? [];
  const dropped = state.ids?.documents ?? [];
  return html`<div class="readiness">
    ${own.map((document) =>
      documentCard(
        document.title ?? document.document,
        `${document.module} asks this of a model before its rules`,
        document.specifications,
        document.status === "not_applicable" || document.status === "error"
          ? (document.reason ?? "It could not be checked")
          : undefined,
        document.before_edits,
      ),
    )}
    ${dropped.map((document) => documentCard(document.title, document.file ?? "IDS", document.specifications, undefined, state.edits.length > 0))}
    <div class="drop-hint">
      ${icon("document")}
      <p>
        <b>Check against your own IDS.</b> Drop an .ids file (buildingSMART IDS 1.0) anywhere on this page.
      </p>
      <button type="button" class="button" @click=${chooseFile}>Choose…</button>
      ${dropped.length > 0 ? html`<button type="button" class="link" @click=${() => store.set({ ids: undefined })}>Forget the results</button>` : nothing}
    </div>
  </div>`;
}

const statusIcon = { pass: "pass", fail: "fail", error: "warning" } as const satisfies Record<
  string,
  IconName
>;

function statusMark(status: keyof typeof statusIcon): TemplateResult {
  return html`${icon(statusIcon[status], status === "pass" ? "verdict-pass" : "verdict-fail")}<span
      class="visually-hidden"
      >${status}</span
    >`;
}

function documentCard(
  title: string,
  about: string,
  list: readonly Specification[],
  reason: string | undefined,
  beforeEdits: boolean | undefined,
): TemplateResult {
  const passed = list.filter((one) => one.status === "pass").length;
  const order = { error: 0, fail: 1, pass: 2 };
  return html`<article class="ids-document">
    <header>
      <h3>${title}</h3>
      <span class="tag ${passed === list.length && !reason ? "good" : ""}">${passed} of ${list.length}</span>
    </header>
    <p class="hint">${about}${beforeEdits ? ". IDS is about files: edits made here are not seen" : ""}.</p>
    ${reason ? html`<p class="banner warning">${icon("warning")}<span>${reason}</span></p>` : nothing}
    ${list.toSorted((a, b) => order[a.status] - order[b.status]).map(specification)}
  </article>`;
}

function specification(one: Specification): TemplateResult {
  return html`<details class="fold specification">
    <summary>
      ${icon("chevron")}${statusMark(one.status)}<span>${one.name}</span>
      <span class="count"
        >${one.failed > 0 ? html`${one.failed} of ${one.applicable} lack` : one.applicable}</span
      >
    </summary>
    <p class="hint">
      Applies to ${one.applies_to}${one.meant_for_model ? "" : ` (meant for ${one.ifc_versions.join(", ")})`}.
    </p>
    ${one.description ? html`<p>${one.description}</p>` : nothing}
    ${one.instructions ? html`<p class="hint">${one.instructions}</p>` : nothing}
    ${one.reason ? html`<p>${one.reason}</p>` : nothing}
    ${one.prohibited && one.prohibited.length > 0 ? failingList(one.prohibited, 0) : nothing}
    ${one.requirements.map(
      (asked) =>
        html`<div class="requirement">
          <p>
            ${statusMark(asked.status)}<span>${asked.asks}</span
            ><span class="faint"
              >${count(asked.passed, "element")} meet
              it${asked.failed > 0 ? `, ${asked.failed.toLocaleString("en")} do not` : ""}</span
            >
          </p>
          ${asked.failing.length > 0 ? failingList(asked.failing, asked.left_out ?? 0) : nothing}
        </div>`,
    )}
  </details>`;
}

function failingList(list: readonly Failing[], leftOut: number): TemplateResult {
  const more = list.length - SHOWN + leftOut;
  return html`<ul class="links">
    ${list.slice(0, SHOWN).map(
      ({ element, reason }) =>
        html`<li>
          <button
            type="button"
            class="link-row"
            ?disabled=${!element.global_id}
            @click=${() => void select({ element: element.global_id })}
          >
            <span>${elementLabel(element)}<small>${reason}</small></span>
          </button>
        </li>`,
    )}
    ${more > 0 ? html`<li class="hint">and ${more.toLocaleString("en")} more</li>` : nothing}
  </ul>`;
}
