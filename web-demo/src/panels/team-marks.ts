// What others look at, in 3D: a ring where it is, with the name of who looks.

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { followView, getView } from "../app/scene";
import type { State } from "../app/store";
import { colourOf } from "../app/team-state";

export function teamMarks({ team }: State): TemplateResult | typeof nothing {
  const shown = [...team.shown].filter(([, { elements }]) => elements.length > 0);
  followView(shown.length > 0 ? place : undefined);
  if (shown.length === 0) return nothing;
  queueMicrotask(place);
  return html`<div class="team-marks">
    ${repeat(
      shown,
      ([name]) => name,
      ([name, { elements }]) =>
        html`<div class="team-mark person-${colourOf(name)}" data-element=${elements[0]!} hidden>
          <i></i><span>${name}</span>
        </div>`,
    )}
  </div>`;
}

/** Puts each where its element is drawn now. */
function place(): void {
  const view = getView();
  const marks = document.querySelector<HTMLElement>(".team-marks");
  if (!view || !marks) return;
  const area = marks.getBoundingClientRect();
  const taken: { x: number; y: number }[] = [];
  for (const mark of marks.querySelectorAll<HTMLElement>(".team-mark")) {
    const at = view.project(mark.dataset["element"]!);
    const inside = at && at.x > area.left && at.x < area.right && at.y > area.top && at.y < area.bottom;
    mark.hidden = !inside;
    if (!inside) continue;
    // Names at the same element stand below each other.
    const above = taken.filter(({ x, y }) => Math.abs(x - at.x) < 60 && Math.abs(y - at.y) < 18).length;
    taken.push(at);
    mark.style.translate = `${at.x - area.left}px ${at.y - area.top + above * 20}px`;
  }
}
