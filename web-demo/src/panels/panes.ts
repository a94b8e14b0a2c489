// Where there is room for one panel only: which one is seen.

import { html, type TemplateResult } from "lit-html";

import { isOpen, store, type State } from "../app/store";
import { icon, type IconName } from "../parts/icons";
import { panel } from "../parts/panel";

export function mountPanes(): void {
  panel("panes", ["stage", "pane"], panes, isOpen);
}

const list: { id: State["pane"]; title: string; mark: IconName }[] = [
  { id: "side", title: "Findings", mark: "list" },
  { id: "viewport", title: "Model", mark: "cube" },
  { id: "details", title: "Details", mark: "document" },
];

function panes({ pane }: State): TemplateResult {
  return html`${list.map(
    ({ id, title, mark }) =>
      html`<button
        type="button"
        aria-current=${pane === id ? "true" : "false"}
        aria-controls=${id}
        @click=${() => store.set({ pane: id })}
      >
        ${icon(mark)}${title}
      </button>`,
  )}`;
}
