// The line at the bottom: where checks are made, by what, and what was drawn.

import { html, nothing, type TemplateResult } from "lit-html";

import type { State } from "../app/store";
import { count, size } from "../logic/wording";
import { icon } from "../parts/icons";
import { panel } from "../parts/panel";

export function mountStatusbar(): void {
  panel("statusbar", ["stage", "host", "engine", "modules", "report", "model", "busy"], statusbar);
}

function statusbar(state: State): TemplateResult {
  const ready = state.modules.filter((module) => module.status === "ready").length;
  const failed = state.modules.length - ready;
  return html`
    <span
      class="status-item"
      title="Models are checked by WebAssembly in this browser. Nothing is sent anywhere unless you ask for it."
    >
      ${icon("shield")}${state.stage === "starting" ? "Starting the engine…" : "Checked in this browser"}
    </span>
    ${
      state.host
        ? html`<span class="status-item" title="Plancheck ${state.host.version}"
            >${icon("server")}${state.host.url}</span
          >`
        : state.stage === "starting"
          ? nothing
          : html`<span
              class="status-item faint"
              title="This page is not served by a Plancheck server; none is needed"
              >no server</span
            >`
    }
    <span class="grow"></span>
    ${state.model ? html`<span class="status-item faint">${size(state.model.bytes)}</span>` : nothing}
    <span class="status-item faint"
      >${state.modules.length > 0 ? html`${count(ready, "module")}${failed > 0 ? `, ${failed} unavailable` : ""}` : nothing}</span
    >
    <span class="status-item faint">${state.engine ? `engine ${state.engine.version}` : ""}</span>
  `;
}
