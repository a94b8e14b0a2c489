// The edits made so far, the newest first, with what each did.

import { html, nothing, type TemplateResult } from "lit-html";

import { lastOwn, redo, undo } from "../app/editing";
import { select } from "../app/selection";
import type { State } from "../app/store";
import { looksOnly } from "../app/team-state";
import type { MadeEdit } from "../app/types";
import { duration } from "../logic/wording";
import { icon } from "../parts/icons";
import { changeList } from "./change";

export function editsPanel(state: State): TemplateResult {
  const { edits, undone } = state;
  const why = looksOnly(state.team);
  if (edits.length === 0 && undone.length === 0) {
    return html`<div class="list-empty">
      <p class="empty-title">${icon("edit")}No edits yet</p>
      <p>
        ${
          why
            ? html`${why} What others change shows here.`
            : html`Change a value of an element in the details, and the verdicts that depend on it follow at
              once. The file stays as it is; an exported report holds the edits.`
        }
      </p>
    </div>`;
  }
  return html`
    <div class="list-tools">
      ${
        why
          ? html`<p class="look-only">${icon("eye")}<span>${why}</span></p>`
          : html`<button
                type="button"
                class="button"
                ?disabled=${!lastOwn(edits)}
                @click=${() => void undo()}
              >
                ${icon("undo")}Undo
              </button>
              <button
                type="button"
                class="button"
                ?disabled=${undone.length === 0}
                @click=${() => void redo()}
              >
                ${icon("redo")}Redo
              </button>`
      }
    </div>
    <ol class="edits" reversed>
      ${undone.map((made) => editRow(state, made, true))}
      ${edits.toReversed().map((made) => editRow(state, made, false))}
    </ol>
  `;
}

function editRow({ team }: State, made: MadeEdit, undone: boolean): TemplateResult {
  const { element, place, before, after, changes, milliseconds, by, earlier } = made;
  const parts = changeList(changes);
  const tags = [undone ? "undone" : undefined, by].filter((tag) => tag !== undefined);
  const unsent = team.unsent.includes(undone ? made.inverse : made.edit);
  return html`<li class="edit ${undone ? "undone" : ""} ${unsent ? "unsent" : ""}">
    <button type="button" class="link-row" @click=${() => void select({ element: element.global_id })}>
      <span>
        <b>${place.name}</b> of
        ${element.label}${tags.map((tag) => html` <span class="tag">${tag}</span>`)}${unsent ? html` <span class="tag unsent">${icon("warning")}not sent</span>` : nothing}
        <span class="edit-values">${before ? html`<s>${before}</s> → ` : nothing}<b>${after}</b></span>
        <small
          >${earlier ? "made earlier" : parts.length === 0 ? "no verdict changed" : parts}
          <span class="faint"
            >${[earlier ? "" : duration(milliseconds), place.set].filter(Boolean).join(" · ")}</span
          ></small
        >
      </span>
    </button>
  </li>`;
}
