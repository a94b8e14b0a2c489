// The right side: the finding that is selected, and its element.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

import { samples } from "../app/files";
import { isOpen, store, type State } from "../app/store";
import { looksOnly, unsentWords } from "../app/team-state";
import type { Finding, Report } from "../app/types";
import { sampleWanted } from "../app/url";
import { className, noFilters, ruleKey } from "../logic/findings";
import { count } from "../logic/wording";
import { icon } from "../parts/icons";
import { panel, skeleton } from "../parts/panel";
import { changeBar } from "./change";
import { elementSection } from "./element";
import { findingSection } from "./finding";

export function mountDetails(): void {
  panel(
    "details",
    [
      "finding",
      "element",
      "details",
      "related",
      "findings",
      "report",
      "editing",
      "busy",
      "last",
      "elements",
      "storeys",
      "geometry",
      "scene",
      "edits",
      "modules",
      "team",
    ],
    details,
    isOpen,
  );
  // A new selection is read from its beginning.
  store.subscribe((state, before) => {
    if (state.finding !== before.finding || state.element !== before.element)
      document.getElementById("details")!.scrollTop = 0;
  });
}

function details(state: State): TemplateResult {
  if (!state.report) return skeleton();
  if (!state.element) return overview(state);
  const finding = state.finding === undefined ? undefined : state.findings.get(state.finding);
  return html`<div class="change-here">${changeBar(state)}</div>
    ${lookOnly(state)} ${finding ? findingSection(state, finding) : nothing}
    ${state.finding !== undefined && !finding ? resolved(state) : nothing} ${elementSection(state, finding)}`;
}

/** Why there are no pens. */
function lookOnly({ team }: State): TemplateResult | typeof nothing {
  const why = looksOnly(team);
  return why ? html`<p class="look-only">${icon("eye")}<span>${why}</span></p>` : nothing;
}

/** The finding that was selected is gone: an edit resolved it. */
function resolved(state: State): TemplateResult {
  const gone = state.edits
    .flatMap((made) => made.changes.resolved)
    .findLast((finding) => finding.id === state.finding);
  return html`<section class="card resolved" aria-labelledby="resolved-title">
    ${gone ? html`<p class="eyebrow"><span>${gone.citation}</span></p>` : nothing}
    <h2 id="resolved-title" tabindex="-1">${gone ? ruleTitle(state, gone) : "This finding is gone"}</h2>
    <p class="verdict-line">
      <span class="verdict-chip verdict-pass">${icon("pass", "verdict-pass")}Resolved</span
      ><span class="faint">with the edits made here</span>
      ${state.team.unsent.length > 0 ? html`<span class="tag unsent">${icon("warning")}${unsentWords(state.team)}</span>` : nothing}
    </p>
    ${gone ? html`<p class="before"><span class="tag">before</span> ${gone.message}</p>` : html`<p>It is not in the report any more.</p>`}
  </section>`;
}

function ruleTitle(state: State, finding: Finding): string {
  return state.report?.rules.find((rule) => ruleKey(rule) === ruleKey(finding))?.title ?? finding.rule;
}

/** Nothing is selected: where the findings are, and what to do. */
function overview(state: State): TemplateResult {
  const rules = state.report?.rules ?? [];
  const unmet = rules.filter((rule) => rule.fail > 0).length;
  const unverified = rules.filter((rule) => !rule.verified).length;
  const codes = new Map((state.report?.ruleset.modules ?? []).map((module) => [module.id, codeName(module)]));
  const known = state.storeys.map((storey) => storey.name);
  return html`<section class="card overview" aria-labelledby="overview-title">
    <h2 id="overview-title">Overview</h2>
    <p>
      Select a finding in the list, or an element in the model, to see what was measured, what the code
      requires, and where each value comes from.
    </p>
    ${sampleNote()}
    ${tally(
      "By code",
      tallied(state, (finding) => finding.module),
      (id) => codes.get(id) ?? id,
      (module) => filterBy({ module }),
    )}
    ${tally(
      "By storey",
      tallied(state, (finding) => finding.element.storey ?? "", known),
      (name) => name || "No storey",
      (storey) => filterBy({ storey }),
    )}
    ${tally(
      "By kind of element",
      tallied(state, (finding) => finding.element.class),
      className,
      (ifc) => filterBy({ text: ifc }),
    )}
    <ul class="plain">
      <li>
        ${icon("fail", "verdict-fail")}<span><b>${count(unmet, "rule")}</b> of ${rules.length} not met</span>
      </li>
      ${
        unverified > 0
          ? html`<li>
              <abbr class="unverified big" title="Unverified">*</abbr
              ><span
                ><b>${count(unverified, "rule")}</b> nobody has held against the official text of the code
                yet: check the clause before you rely on the verdict</span
              >
            </li>`
          : nothing
      }
      <li>
        ${
          looksOnly(state.team)
            ? html`${icon("eye")}<span>${looksOnly(state.team)}</span>`
            : html`${icon("edit")}<span
                  >Values with a pen can be edited: verdicts follow at once, the file stays as it is</span
                >`
        }
      </li>
    </ul>
  </section>`;
}

function sampleNote(): TemplateResult | typeof nothing {
  const sample = samples.find(({ name }) => name === sampleWanted());
  return sample ? html`<p class="sample-note">${icon("cube")}<span>${sample.note}</span></p>` : nothing;
}

/** `IBC 2024` */
function codeName({ id, jurisdiction }: Report["ruleset"]["modules"][number]): string {
  return [jurisdiction?.family, jurisdiction?.edition].filter(Boolean).join(" ") || id;
}

type Tally = [name: string, fail: number, undetermined: number][];

/** Fails and undetermined findings by some property of theirs; in the order given, else the most fails first. */
function tallied(state: State, key: (finding: Finding) => string, order: readonly string[] = []): Tally {
  const counts = new Map<string, [number, number]>();
  for (const finding of state.findings.values()) {
    const at = finding.verdict === "fail" ? 0 : finding.verdict === "undetermined" ? 1 : undefined;
    if (at === undefined) continue;
    const name = key(finding);
    const pair = counts.get(name) ?? [0, 0];
    pair[at] += 1;
    counts.set(name, pair);
  }
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...counts]
    .map(([name, [fail, undetermined]]): Tally[number] => [name, fail, undetermined])
    .sort((a, b) => place(a[0]) - place(b[0]) || b[1] - a[1] || b[2] - a[2]);
}

function filterBy(filters: Partial<State["filters"]>): void {
  store.set({
    tab: "findings",
    filters: { ...noFilters, grouping: store.state.filters.grouping, ...filters },
  });
}

/** Rows that are drawn. */
const MOST = 8;

function tally(
  title: string,
  rows: Tally,
  label: (name: string) => string,
  choose: (name: string) => void,
): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  const most = Math.max(...rows.map(([, fail, undetermined]) => fail + undetermined));
  const width = (part: number) =>
    ref((node) => {
      if (node instanceof HTMLElement) node.style.width = `${(part / most) * 100}%`;
    });
  return html`<h3>${title}</h3>
    <ul class="tally">
      ${rows.slice(0, MOST).map(
        ([name, fail, undetermined]) =>
          html`<li>
            <button type="button" class="link-row" title="Show these only" @click=${() => choose(name)}>
              <span class="tally-name">${label(name)}</span>
              <span class="tally-bar" aria-hidden="true"
                ><i class="fill-fail" ${width(fail)}></i
                ><i class="fill-undetermined" ${width(undetermined)}></i
              ></span>
              <span class="tally-count"
                >${fail > 0 ? html`<b class="verdict-fail">${fail}<span class="visually-hidden"> fail</span></b>` : nothing}
                ${undetermined > 0 ? html`<b class="verdict-undetermined">${undetermined}<span class="visually-hidden"> undetermined</span></b>` : nothing}</span
              >
            </button>
          </li>`,
      )}
    </ul>`;
}
