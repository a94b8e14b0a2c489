// One finding: the clause, what was measured against what is required, and why it is believed.

import { html, nothing, type TemplateResult } from "lit-html";

import { select } from "../app/selection";
import type { State } from "../app/store";
import type { Fact, Finding } from "../app/types";
import { elementLabel, ruleKey } from "../logic/findings";
import { usesOf, type Use } from "../logic/missing";
import { cited } from "../parts/cited";
import { editButton, editor } from "../parts/editor";
import { facts } from "../parts/facts";
import { icon, verdictIcon, verdictWord } from "../parts/icons";
import { markdown } from "../parts/markdown";
import { measure } from "../parts/measure";
import { factSubject } from "../parts/subjects";

export function findingSection(state: State, finding: Finding): TemplateResult {
  const key = ruleKey(finding);
  const rule = state.report?.rules.find((candidate) => ruleKey(candidate) === key);
  const missing = finding.facts.filter((fact) => fact.absent !== undefined);
  const known = finding.facts.filter((fact) => fact.absent === undefined);
  const flash = state.last?.flashed.has(finding.id)
    ? state.last.number % 2
      ? "flash-odd"
      : "flash-even"
    : "";
  return html`<section class="card finding-card ${flash}" aria-labelledby="finding-title">
    <p class="eyebrow">
      <span>${cited(finding.citation, rule?.link)}${rule?.section ? html`: ${rule.section}` : nothing}</span
      >${rule && rule.stage !== "stable" ? html`<span class="tag">${rule.stage}</span>` : nothing}
    </p>
    <h2 id="finding-title" tabindex="-1">${rule?.title ?? finding.rule}</h2>
    <p class="verdict-line">
      <span class="verdict-chip verdict-${finding.verdict}"
        >${verdictIcon(finding.verdict)}${verdictWord[finding.verdict]}</span
      >
      <span class="tag severity-${finding.severity}">${finding.severity}</span>
      <span class="faint">${category(finding.category)}</span>
    </p>
    ${measure(finding)}
    <p class="message">${finding.message}</p>
    ${missing.length > 0 ? section("What is missing", finding, missing, state) : nothing}
    ${known.length > 0 ? section(missing.length > 0 ? "What is known" : "What decided", finding, known, state) : nothing}
    ${
      rule && !rule.verified
        ? html`<p class="unverified-note">
            <abbr class="unverified" title="Unverified">*</abbr>Nobody has held this rule against the official
            text of its code yet. Read the clause before you rely on the verdict.
          </p>`
        : nothing
    }
    ${aboutRule(state, finding)}
  </section>`;
}

/** The rule's own page: what is required, why, and what is not modelled. */
function aboutRule(state: State, finding: Finding): TemplateResult {
  const module = state.modules.find((candidate) => candidate.id === finding.module);
  const rule =
    module?.status === "ready" ? module.rules.find((candidate) => candidate.id === finding.rule) : undefined;
  return html`<details class="fold">
    <summary>${icon("chevron")}<span>About this rule</span></summary>
    ${rule?.page ? markdown(rule.page) : nothing}
    <p class="ids">
      <span>${finding.rule}</span
      ><span>${finding.module}${module?.status === "ready" ? ` ${module.version}` : ""}</span>
    </p>
  </details>`;
}

function section(title: string, finding: Finding, list: readonly Fact[], state: State): TemplateResult {
  const uses = new Map(usesOf(finding, state.elements).map((use, place) => [use.fact, { use, place }]));
  const elsewhere = ({ element }: Use) => element !== undefined && element !== finding.element.global_id;
  const ownerLabel = (use: Use) => {
    const row = use.element === undefined ? undefined : state.elements.get(use.element);
    return elsewhere(use) && row ? elementLabel(row) : undefined;
  };
  const subject = (fact: Fact) => {
    const found = uses.get(fact);
    if (!found) return undefined;
    const { use, place } = found;
    const details = elsewhere(use) ? state.related.get(use.element!) : state.details;
    if (!details || details.global_id !== use.element) return undefined;
    return factSubject(details, fact, { finding, path: use.path, place, owner: ownerLabel(use) });
  };
  return html`<h3>${title}</h3>
    ${facts(list, {
      owner: (fact) => {
        const use = uses.get(fact)?.use;
        const label = use && ownerLabel(use);
        return label
          ? html`<button
              type="button"
              class="link"
              title="Show this element"
              @click=${() => void select({ element: use.element })}
            >
              ${label}
            </button>`
          : nothing;
      },
      action: (fact) => {
        const editable = subject(fact);
        return editable ? editButton(editable, fact.value === undefined) : nothing;
      },
      below: (fact) => {
        const editable = subject(fact);
        return editable ? editor(editable) : nothing;
      },
    })}`;
}

function category(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
