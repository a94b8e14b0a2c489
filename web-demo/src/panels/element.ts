// One element: who it is, its findings, its facts with their sources, its attributes and properties.

import { html, nothing, type TemplateResult } from "lit-html";
import type { ElementDetails } from "@plancheck/engine";

import { changeScene, frameSelection, hasShape } from "../app/scene";
import { select } from "../app/selection";
import type { State } from "../app/store";
import type { Fact, Finding } from "../app/types";
import { className, elementLabel, findingsOf, ruleKey } from "../logic/findings";
import { dependencesOn, type Dependence } from "../logic/missing";
import { count } from "../logic/wording";
import { copy } from "../parts/copy";
import { editButton, editor, type Subject } from "../parts/editor";
import { facts } from "../parts/facts";
import { icon, verdictIcon, verdictWord } from "../parts/icons";
import { attributeSubject, factSubject, propertySubject } from "../parts/subjects";

export function elementSection(state: State, finding: Finding | undefined): TemplateResult {
  const id = state.element!;
  const row = state.elements.get(id);
  const element = state.details?.global_id === id ? state.details : (finding?.element ?? row);
  const label = element ? elementLabel(element) : id;
  const others = findingsOf(state.findings.values(), id).filter((other) => other.id !== finding?.id);
  const dependences = dependencesOn(id, state.findings, state.elements);
  const { details } = state;
  return html`<section class="card element-card" aria-labelledby="element-title">
    <header class="element-head">
      <div>
        <p class="eyebrow">
          <span>${element ? className(element.class) : "Element"}</span>${storeyName(state, id, finding)}
        </p>
        <h2 id="element-title" tabindex="-1">${label}</h2>
      </div>
      <div class="button-group" role="group" aria-label="In the model">
        <button
          type="button"
          class="button icon-only"
          title="Frame in the model (F)"
          aria-label="Frame in the model"
          ?disabled=${!hasShape(id)}
          @click=${frameSelection}
        >
          ${icon("frame")}
        </button>
        <button
          type="button"
          class="button icon-only"
          title="Show this element alone (I)"
          aria-label="Show this element alone"
          aria-pressed=${state.scene.isolated}
          ?disabled=${!hasShape(id)}
          @click=${() => changeScene({ isolated: !state.scene.isolated })}
        >
          ${icon("isolate")}
        </button>
      </div>
    </header>
    <p class="ids">
      <button type="button" class="link mono" title="Copy the GlobalId" @click=${() => void copy(id)}>
        ${id}${icon("copy")}
      </button>
      ${element && "record" in element && element.record !== undefined ? html`<span class="record">#${element.record}</span>` : nothing}
      <span class="faint">${element?.class ?? ""}</span>
    </p>
    ${state.scene.shown && !hasShape(id) ? html`<p class="hint">It has no shape of its own in the model.</p>` : nothing}
    ${findingList(others, finding !== undefined, state)} ${dependents(dependences, state)}
    ${details && details.global_id === id ? detailed(details) : nothing}
  </section>`;
}

function storeyName(state: State, id: string, finding: Finding | undefined): TemplateResult | typeof nothing {
  const storey = state.elements.get(id)?.storey;
  const name =
    state.storeys.find((candidate) => candidate.global_id === storey)?.name ?? finding?.element.storey;
  return name ? html`<span>${name}</span>` : nothing;
}

function findingList(list: readonly Finding[], others: boolean, state: State): TemplateResult {
  if (list.length === 0) {
    return others
      ? html``
      : html`<p class="hint">No finding on it: what the rules govern of it passes or does not apply.</p>`;
  }
  return html`<h3>${others ? "Other findings on it" : "Findings on it"}</h3>
    <ul class="links">
      ${list.map((finding) => findingLink(finding, ruleTitles(state)))}
    </ul>`;
}

const ruleTitles = (state: State) =>
  new Map((state.report?.rules ?? []).map((rule) => [ruleKey(rule), rule.title]));

/** `elsewhere`: the finding is on another element, which is named. */
function findingLink(
  finding: Finding,
  titles: ReadonlyMap<string, string>,
  elsewhere = false,
): TemplateResult {
  const title = titles.get(ruleKey(finding)) ?? finding.rule;
  return html`<li>
    <button
      type="button"
      class="link-row"
      @click=${() => void select({ finding: finding.id, reveal: true, still: !elsewhere })}
    >
      ${verdictIcon(finding.verdict)}<span class="visually-hidden">${verdictWord[finding.verdict]}:</span>
      ${
        elsewhere
          ? html`<span>${elementLabel(finding.element)}<small>${title}</small></span>`
          : html`<span>${title}<small>${finding.citation}</small></span>`
      }${icon("chevron", "faint")}
    </button>
  </li>`;
}

/** Findings of a dependence that are drawn; the counts say how many there are. */
const MOST_LINKS = 100;

/** The findings of other elements that hang on facts of this one. */
function dependents(list: readonly Dependence[], state: State): TemplateResult | typeof nothing {
  const lacking = new Set(list.flatMap((one) => one.lacking)).size;
  const knowing = new Set(list.flatMap((one) => one.knowing)).size;
  if (lacking + knowing === 0) return nothing;
  const titles = ruleTitles(state);
  const part = (title: string, findings: readonly Finding[], open: boolean) =>
    fold(
      title,
      findings.length,
      open,
      html`<ul class="links">
        ${findings.slice(0, MOST_LINKS).map((finding) => findingLink(finding, titles, true))}
        ${findings.length > MOST_LINKS ? html`<li class="hint">and ${(findings.length - MOST_LINKS).toLocaleString("en")} more</li>` : nothing}
      </ul>`,
    );
  return html`${
    lacking > 0
      ? html`<h3 class="needed">
            ${icon("undetermined", "verdict-undetermined")}Needed by ${count(lacking, "finding")} elsewhere
          </h3>
          ${list.map((one) => part(`${one.title} is missing`, one.lacking, one.lacking.length <= 12))}`
      : nothing
  }${
    knowing > 0
      ? html`<h3>Used by ${count(knowing, "finding")} elsewhere</h3>
          ${list.map((one) => part(one.title, one.knowing, false))}`
      : nothing
  }`;
}

function detailed(details: ElementDetails): TemplateResult {
  const known = details.facts.filter((fact) => fact.value !== undefined);
  const absent = details.facts.filter((fact) => fact.value === undefined);
  return html`
    ${fold("Facts", known.length, true, facts(known, actions(details)))}
    ${fold("Facts not known", absent.length, false, facts(absent, actions(details)))}
    ${fold("Attributes", details.attributes.length, false, html`<div class="rows">${details.attributes.map((attribute) => valueRow(attribute, attributeSubject(details, attribute)))}</div>`)}
    ${propertySets(details)}
  `;
}

function actions(details: ElementDetails) {
  const subject = (fact: Fact) => factSubject(details, fact);
  return {
    action: (fact: Fact) => {
      const editable = subject(fact);
      return editable ? editButton(editable, fact.value === undefined) : nothing;
    },
    below: (fact: Fact) => {
      const editable = subject(fact);
      return editable ? editor(editable) : nothing;
    },
  };
}

function fold(
  title: string,
  number: number,
  open: boolean,
  content: TemplateResult,
): TemplateResult | typeof nothing {
  if (number === 0) return nothing;
  return html`<details class="fold" ?open=${open}>
    <summary>${icon("chevron")}<span>${title}</span><span class="count">${number}</span></summary>
    ${content}
  </details>`;
}

function propertySets(details: ElementDetails): TemplateResult {
  const sets = new Map<string, ElementDetails["properties"]>();
  for (const property of details.properties) {
    const list = sets.get(property.set);
    if (list) list.push(property);
    else sets.set(property.set, [property]);
  }
  return html`${[...sets].map(([name, list]) =>
    fold(
      name || "Declared, in no set",
      list.length,
      false,
      html`<div class="rows">
        ${list.map((property) => valueRow(property, propertySubject(details, property)))}
      </div>`,
    ),
  )}`;
}

type Value = ElementDetails["attributes"][number] | ElementDetails["properties"][number];

function valueRow(value: Value, subject: Subject | undefined): TemplateResult {
  const record = "record" in value ? value.record : undefined;
  const from = "from" in value ? value.from : "occurrence";
  return html`<div class="value">
    <div class="value-line">
      <span class="value-name">${value.name}</span>
      <span class="value-text ${value.type === "other" ? "faint" : ""}">${value.value}</span>
      ${subject ? editButton(subject) : nothing}
    </div>
    ${
      from !== "occurrence" || record !== undefined
        ? html`<div class="value-origin">
            ${from === "type" ? "of the type " : from === "declared" ? html`<span class="provenance provenance-declared">declared</span>` : nothing}${record === undefined ? nothing : html`<span class="record">#${record}</span>`}
          </div>`
        : nothing
    }
    ${subject ? editor(subject) : nothing}
  </div>`;
}
