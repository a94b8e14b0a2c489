// What the last edit did: how many verdicts changed, and how long it took.

import { html, nothing, type TemplateResult } from "lit-html";

import { changeText } from "../app/editing";
import type { State } from "../app/store";
import { icon } from "../parts/icons";

const verbs = { edit: "", undo: "Undone: ", redo: "Made again: " } as const;

export function changeBar({ last, edits, undone }: State): TemplateResult | typeof nothing {
  if (!last || (edits.length === 0 && undone.length === 0)) return nothing;
  const parts = [
    last.resolved > 0
      ? html`<span class="change-part verdict-pass">${icon("check")}${last.resolved} resolved</span>`
      : nothing,
    last.added > 0
      ? html`<span class="change-part verdict-fail">${icon("add")}${last.added} new</span>`
      : nothing,
    last.changed > 0
      ? html`<span class="change-part">${icon("edit")}${last.changed} changed</span>`
      : nothing,
  ];
  return html`<div class="change ${last.number % 2 ? "flash-odd" : "flash-even"}">
    <div class="change-line"><b>${changeText(last)}</b>${parts}</div>
    <div class="change-label">${verbs[last.what]}${last.label}</div>
  </div>`;
}
