// A fact with where it came from, or why it is not known, and the facts that it was computed from.

import { html, nothing, type TemplateResult } from "lit-html";

import type { Fact } from "../app/types";
import { icon } from "./icons";

const meaning: Record<NonNullable<Fact["provenance"]>, string> = {
  attribute: "Stated by an attribute of the element",
  property: "Stated by a property",
  quantity: "Stated by a quantity",
  geometry: "Measured from the geometry",
  inferred: "Concluded from other data of the model",
  declared: "Declared by you",
  derived: "Computed by a module or from several elements",
};

export interface FactActions {
  /** Shown at the end of the line: how to change it. */
  action?: (fact: Fact) => TemplateResult | typeof nothing;
  /** Shown below the line: the editor, while it is open. */
  below?: (fact: Fact) => TemplateResult | typeof nothing;
  /** Shown with the source: the element that it is a fact of, where that is another. */
  owner?: (fact: Fact) => TemplateResult | typeof nothing;
}

export function facts(list: readonly Fact[], actions: FactActions = {}): TemplateResult {
  return html`<ul class="facts">
    ${list.map((fact) => html`<li>${factLine(fact, actions)}</li>`)}
  </ul>`;
}

function factLine(fact: Fact, actions: FactActions): TemplateResult {
  const absent = fact.value === undefined;
  return html`<div class="fact ${absent ? "absent" : ""}">
      <div class="fact-line">
        <span class="fact-title" title=${fact.path || nothing}>${fact.title}</span>
        <span class="fact-value"
          >${absent ? html`${icon("undetermined", "verdict-undetermined")}not known` : fact.value}</span
        >
        ${actions.action?.(fact) ?? nothing}
      </div>
      <div class="fact-origin">
        ${actions.owner?.(fact) ?? nothing}${absent ? html`<span>${fact.absent ?? "No value"}</span>` : origin(fact)}
      </div>
      ${actions.below?.(fact) ?? nothing}
    </div>
    ${fact.from && fact.from.length > 0 ? html`<div class="fact-from">${facts(fact.from, actions)}</div>` : nothing}`;
}

function origin(fact: Fact): TemplateResult {
  return html`
    ${fact.provenance ? html`<span class="provenance provenance-${fact.provenance}" title=${meaning[fact.provenance]}>${fact.provenance}</span>` : nothing}
    ${fact.source ? html`<span class="source">${fact.source}</span>` : nothing}
    ${fact.record === undefined ? nothing : html`<span class="record" title="Record in the file">#${fact.record}</span>`}
    ${fact.note ? html`<span class="note">${fact.note}</span>` : nothing}
  `;
}
