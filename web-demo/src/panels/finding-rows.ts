// The rows of the list of findings: a clause with its counts, a finding with its numbers.

import { html, nothing, type TemplateResult } from "lit-html";

import { store } from "../app/store";
import { placeKey } from "../app/owners";
import type { Finding } from "../app/types";
import { className, elementLabel, ruleKey, type Group, type Lacking } from "../logic/findings";
import { colourOf } from "../app/team-state";
import { count, listed } from "../logic/wording";
import { placeText } from "../parts/editor";
import { icon, verdictIcon, verdictWord } from "../parts/icons";
import { compact, displayParts, limitText, miniMeasure } from "../parts/measure";

export function groupRow(group: Group): TemplateResult {
  return html`
    <span class="twist">${icon("chevron")}</span>
    <span class="group-text">
      <span class="group-title">${group.title}</span>
      <span class="group-sub"
        >${group.lack ? lackText(group.lack) : group.subtitle}${
          group.rule && !group.rule.verified
            ? html`<abbr
                class="unverified"
                title="Nobody has held this rule against the official text of its code yet"
                >*</abbr
              >`
            : nothing
        }${group.rule && group.rule.severity !== "error" ? html` · ${group.rule.severity}` : nothing}</span
      >
    </span>
    <span class="group-counts">
      ${(["fail", "undetermined", "pass"] as const).map((verdict) =>
        group.counts[verdict] === 0
          ? nothing
          : html`<span class="badge verdict-${verdict}"
              >${group.counts[verdict].toLocaleString("en")}<span class="visually-hidden">
                ${verdictWord[verdict].toLowerCase()}</span
              ></span
            >`,
      )}
    </span>
  `;
}

/** `on 21 doors · add ThresholdHeight` */
function lackText({ class: ifc, path, vague, elements }: Lacking): TemplateResult {
  const place = store.state.places.get(placeKey(ifc, path));
  const kind = className(ifc).toLowerCase() || "element";
  const where = place
    ? html` · ${vague ? "state it as" : "goes into"} <b class="lack-place">${placeText(place)}</b>`
    : place === null
      ? html` · concluded from other facts`
      : nothing;
  return html`${vague ? "too vague" : "missing"} on ${count(elements, kind)}${where}`;
}

export function findingRow(finding: Finding): TemplateResult {
  const { grouping } = store.state.filters;
  const byElement = grouping === "element";
  const label = byElement ? ruleTitle(finding) : elementLabel(finding.element);
  const aside = byElement
    ? finding.citation
    : grouping === "storey"
      ? ruleTitle(finding)
      : (finding.element.storey ?? "");
  // What is missing is said above them all.
  const below = grouping === "missing" ? ruleTitle(finding) : shortMessage(finding);
  return html`
    ${verdictIcon(finding.verdict)}
    <span class="visually-hidden">${verdictWord[finding.verdict]}: </span>
    <span class="finding-text">
      <span class="finding-title"
        ><span class="finding-name">${label}</span>${lookers(finding)}<span class="finding-aside"
          >${aside}</span
        ></span
      >
      <span class="finding-sub">${below}</span>
    </span>
    ${miniMeasure(finding)}
  `;
}

/** Who else has it selected. */
export function lookersAt({ id, element }: Finding): string[] {
  return [...store.state.team.shown]
    .filter(([, shown]) =>
      shown.finding === undefined ? shown.elements.includes(element.global_id) : shown.finding === id,
    )
    .map(([name]) => name);
}

function lookers(finding: Finding): TemplateResult | typeof nothing {
  const names = lookersAt(finding);
  if (names.length === 0) return nothing;
  return html`<span class="lookers" title="${listed(names)} ${names.length === 1 ? "looks" : "look"} at it"
    >${names.slice(0, 3).map((name) => html`<i class="initial person-${colourOf(name)}" aria-hidden="true">${[...name][0]}</i>`)}<span
      class="visually-hidden"
      >, ${listed(names)} ${names.length === 1 ? "looks" : "look"} at it</span
    ></span
  >`;
}

function ruleTitle(finding: Finding): string {
  const key = ruleKey(finding);
  return store.state.report?.rules.find((rule) => ruleKey(rule) === key)?.title ?? finding.rule;
}

/** What fits on one line: the numbers, or what is missing. */
function shortMessage(finding: Finding): string {
  if (finding.measured && finding.required) {
    const measured = compact(displayParts(finding.measured.display)[0]);
    // A bare number needs the words: `Number of doors is 1; …`.
    const what = /^[\d.]+$/.test(measured) ? /^(.*?) is /.exec(finding.message)?.[1] : undefined;
    return `${what ? `${what} ` : ""}${measured} · ${limitText(finding)}`;
  }
  const missing = finding.facts.filter((fact) => fact.absent).map((fact) => fact.title.toLowerCase());
  return missing.length > 0 ? `Missing: ${missing.join(", ")}` : finding.message;
}
