// A panel: a part of the page that is drawn again when the fields that it reads change.

import { html, render, type TemplateResult } from "lit-html";

import { store, type State } from "../app/store";
import { onMenu } from "./menu";

export function panel(
  id: string,
  fields: readonly (keyof State)[],
  template: (state: State) => TemplateResult,
  shownWhen?: (state: State) => boolean,
): void {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no #${id}`);
  const draw = (state: State) => {
    const shown = shownWhen?.(state) ?? true;
    if (shownWhen) node.hidden = !shown;
    if (shown) render(template(state), node);
  };
  store.watch(fields, draw);
  onMenu(() => draw(store.state));
}

/** Where something will be. */
export function skeleton(): TemplateResult {
  return html`<div class="skeletons" aria-hidden="true">
    ${[0, 1, 2, 3, 4, 5].map((i) => html`<i class="skeleton ${i % 3 === 0 ? "short" : ""}"></i>`)}
  </div>`;
}
