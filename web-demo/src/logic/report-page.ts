// The report as one HTML page to print and to file: nothing is fetched, no script runs, and all that
// comes from the model is text.

import type { Fact, Finding, MadeEdit, Report, RuleResult, Verdict } from "../app/types";
import { elementLabel, ruleKey } from "./findings";
import { reportStyle } from "./report-style";
import { count } from "./wording";

export interface PageInput {
  report: Report;
  /** Of the model's file. */
  file: string;
  /** As people call it: `All places`. */
  place: string;
  edits: readonly MadeEdit[];
  made: Date;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escaped = (text: unknown): string =>
  String(text ?? "").replace(/[&<>"']/g, (character) => entities[character]!);

/** Markup, with everything that is put into it escaped, but markup made here. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

const textOf = (part: Part): string =>
  part instanceof Markup ? part.text : Array.isArray(part) ? part.map(textOf).join("") : escaped(part);

function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((all, string, i) => all + textOf(parts[i - 1]) + string));
}

const nothing = "";
const words: Record<Verdict, string> = { fail: "Fail", undetermined: "Undetermined", pass: "Pass" };
const order: Record<Verdict, number> = { fail: 0, undetermined: 1, pass: 2 };

export function pageOf({ report, file, place, edits, made }: PageInput): string {
  const name = report.model.name ?? file;
  // Its own policy, so that no mistake of ours could make a script of a name in the model.
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: code check</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<header>
<p class="kind">Building code check</p>
<h1>${name}</h1>
<dl class="about">
<div><dt>File</dt><dd>${file}</dd></div>
<div><dt>Model</dt><dd>${report.model.schema}, ${count(report.model.elements, "element")}</dd></div>
<div><dt>Codes of</dt><dd>${place}</dd></div>
<div><dt>Made</dt><dd>${made.toLocaleString("en", { dateStyle: "long", timeStyle: "short" })}</dd></div>
</dl>
</header>
${result(report)}
${codes(report)}
${editList(edits)}
${readiness(report)}
${findings(report)}
${notMet(report)}
<footer>
<p>Made by Plancheck ${report.engine.version}. The same model, ruleset and engine give the same report.</p>
<dl class="digests">
<div><dt>Model</dt><dd>${report.model.digest}</dd></div>
<div><dt>Ruleset</dt><dd>${report.ruleset.digest}</dd></div>
<div><dt>Engine</dt><dd>${report.engine.digest}</dd></div>
</dl>
</footer>
</body>
</html>
`;
  return page.text;
}

function result({ summary, rules }: Report): Markup {
  const decided = summary.pass + summary.fail;
  const governed = decided + summary.undetermined;
  const percent = (value: number | null) => (value === null ? "–" : `${value.toFixed(1)} %`);
  const unverified = rules.filter((rule) => !rule.verified).length;
  return markup`<section>
<h2>Result</h2>
<div class="figures">
<div><b>${percent(summary.score)}</b><span>score: passed, of ${decided} decided</span></div>
<div><b>${percent(summary.decided)}</b><span>decided: ${decided} of ${governed}</span></div>
<div class="fail"><b>${summary.fail}</b><span>fail</span></div>
<div class="undetermined"><b>${summary.undetermined}</b><span>undetermined</span></div>
<div class="pass"><b>${summary.pass}</b><span>pass</span></div>
</div>
${summary.complete ? nothing : markup`<p class="note strong">This result is not complete: a module or a rule could not be used. Nothing is said about what it covers.</p>`}
${unverified > 0 ? markup`<p class="note">* Nobody has held ${count(unverified, "rule")} of ${rules.length} against the official text of the code yet. Read the clause before you rely on the verdict.</p>` : nothing}
</section>`;
}

function codes({ ruleset }: Report): Markup {
  return markup`<section>
<h2>Codes</h2>
<table>
<thead><tr><th>Code</th><th>Version</th><th>State</th><th>Digest</th></tr></thead>
<tbody>${ruleset.modules.map(
    (module) =>
      markup`<tr><td>${module.title ?? module.id}</td><td>${module.version ?? "–"}</td><td>${module.problem ? `not used: ${module.problem.message}` : module.status}</td><td class="mono">${module.digest.slice(0, 16)}…</td></tr>`,
  )}</tbody>
</table>
</section>`;
}

function editList(edits: readonly MadeEdit[]): Markup | string {
  if (edits.length === 0) return nothing;
  return markup`<section>
<h2>Edits</h2>
<p>The verdicts below are those of the model with ${count(edits.length, "edit")}; the file does not have them.</p>
<table>
<thead><tr><th>Element</th><th>Value</th><th>Before</th><th>Now</th></tr></thead>
<tbody>${edits.map(
    ({ element, place, before, after }) =>
      markup`<tr><td>${element.label}<small class="mono">${element.global_id}</small></td><td>${place.set ? `${place.set}.${place.name}` : place.name}</td><td>${before}</td><td>${after}</td></tr>`,
  )}</tbody>
</table>
</section>`;
}

function readiness(report: Report): Markup | string {
  const lacking = report.readiness.filter((document) => document.status !== "not_applicable");
  if (lacking.length === 0) return nothing;
  return markup`<section>
<h2>What the model has to say first</h2>
${lacking.map((document) => {
  const open = document.specifications.filter((one) => one.status !== "pass");
  const met = document.specifications.length - open.length;
  return markup`<p><b>${document.title ?? document.document}</b> (${document.module}): ${met} of ${document.specifications.length} met${document.reason ? `. ${document.reason}` : ""}</p>
${open.length === 0 ? nothing : markup`<ul>${open.map((one) => markup`<li>${one.name}: ${one.failed} of ${one.applicable} lack it</li>`)}</ul>`}`;
})}
</section>`;
}

function findings(report: Report): Markup {
  const byRule = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const list = byRule.get(ruleKey(finding));
    if (list) list.push(finding);
    else byRule.set(ruleKey(finding), [finding]);
  }
  const groups = report.rules.filter((rule) => byRule.has(ruleKey(rule)));
  groups.sort((a, b) => Number(b.fail > 0) - Number(a.fail > 0));
  return markup`<section>
<h2>Findings</h2>
${groups.length === 0 ? markup`<p>Nothing fails and nothing is undetermined.</p>` : nothing}
${groups.map((rule) => clause(rule, byRule.get(ruleKey(rule))!))}
</section>`;
}

/** Only addresses of the web are links. */
const linked = (rule: RuleResult): Part =>
  rule.link?.startsWith("https://") ? markup`<a href="${rule.link}">${rule.citation}</a>` : rule.citation;

const stage = (rule: RuleResult): Part =>
  rule.stage === "stable" ? nothing : markup` <em>${rule.stage}</em>`;

function clause(rule: RuleResult, list: readonly Finding[]): Markup {
  const sorted = list.toSorted((a, b) => order[a.verdict] - order[b.verdict]);
  return markup`<article>
<h3>${linked(rule)}${rule.verified ? nothing : markup`<abbr title="Unverified">*</abbr>`} <span>${rule.title}</span>${stage(rule)}</h3>
${rule.section ? markup`<p class="counts">${rule.section}</p>` : nothing}
<p class="counts">${[
    rule.fail > 0 ? `${rule.fail} fail` : "",
    rule.undetermined > 0 ? `${rule.undetermined} undetermined` : "",
    `${rule.pass} pass`,
    rule.severity,
  ]
    .filter(Boolean)
    .join(" · ")}</p>
<table>
<thead><tr><th>Verdict</th><th>Element</th><th>Finding</th></tr></thead>
<tbody>${sorted.map(
    (finding) => markup`<tr>
<td class="${finding.verdict}">${words[finding.verdict]}</td>
<td>${elementLabel(finding.element)}<small>${finding.element.storey ?? ""}</small><small class="mono">${finding.element.global_id}</small></td>
<td>${finding.message}${finding.facts.map(source)}</td>
</tr>`,
  )}</tbody>
</table>
</article>`;
}

/** A fact with its source, and below it what it was computed from. */
function source({ title, value, provenance, source: said, record, note, absent, from }: Fact): Markup {
  const origin = [provenance, said, note].filter(Boolean).join(", ");
  const text =
    value === undefined
      ? `${title}: not known. ${absent ?? ""}`
      : `${title}: ${value}${origin ? `, ${origin}` : ""}${record === undefined ? "" : ` (#${record})`}`;
  const inner = from && from.length > 0 ? markup`<div class="from">${from.map(source)}</div>` : nothing;
  return markup`<small>${text}</small>${inner}`;
}

/** Rules without a finding: a reader wants to see that they were looked at. */
function notMet({ rules }: Report): Markup {
  const clean = rules.filter((rule) => rule.fail === 0 && rule.undetermined === 0);
  if (clean.length === 0) return markup``;
  return markup`<section>
<h2>Rules without a finding</h2>
<table>
<thead><tr><th>Clause</th><th>Rule</th><th>Pass</th><th>Does not apply</th></tr></thead>
<tbody>${clean.map(
    (rule) =>
      markup`<tr><td>${linked(rule)}${rule.verified ? nothing : "*"}</td><td>${rule.title}${stage(rule)}</td><td>${rule.pass}</td><td>${rule.not_applicable}</td></tr>`,
  )}</tbody>
</table>
</section>`;
}
