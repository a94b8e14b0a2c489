// What an edit did: which verdicts changed and how, what else is said differently, how long it took.

import { html, nothing, type TemplateResult } from "lit-html";

import { changeText } from "../app/editing";
import type { State } from "../app/store";
import { catchingWords } from "../app/team-state";
import type { Changes } from "../app/types";
import { changeParts, type Part } from "../logic/changes";
import { icon, type IconName } from "../parts/icons";

const verbs = { edit: "", undo: "Undone: ", redo: "Made again: ", others: "" } as const;

export function changeBar({ last, edits, undone, team }: State): TemplateResult | typeof nothing {
  if (team.catching) return catchingBar(team.catching);
  if (!last || (edits.length === 0 && undone.length === 0)) return nothing;
  return html`<div class="change ${last.number % 2 ? "flash-odd" : "flash-even"}">
    <div class="change-line"><b>${changeText(last)}</b>${changeList(last.changes)}</div>
    <div class="change-label">${verbs[last.what]}${last.label}</div>
  </div>`;
}

/** What is shown is of before the edits that are being made. */
function catchingBar({ done, total }: NonNullable<State["team"]["catching"]>): TemplateResult {
  return html`<div class="catching-bar">
    <b>${catchingWords(total === undefined ? { done } : { done, total }).join("")}</b> The verdicts below are
    not current yet: edits were made before you came.
    ${total ? html`<progress max=${total} .value=${done} aria-label="Edits made here"></progress>` : nothing}
  </div>`;
}

const looks: Record<Part["kind"], { icon: IconName; colour: string }> = {
  resolved: { icon: "check", colour: "verdict-pass" },
  added: { icon: "add", colour: "verdict-fail" },
  better: { icon: "check", colour: "" },
  worse: { icon: "warning", colour: "verdict-fail" },
  reworded: { icon: "edit", colour: "faint" },
};

export function changeList(changes: Changes): TemplateResult[] {
  return changeParts(changes).map(({ kind, text }) => {
    const look = looks[kind];
    return html`<span class="change-part ${look.colour}">${icon(look.icon)}${text}</span>`;
  });
}
