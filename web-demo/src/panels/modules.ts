// The codes: every module with its state, version, digest, and rules.

import { html, nothing, type TemplateResult } from "lit-html";
import type { ModuleInfo } from "@plancheck/engine";

import type { State } from "../app/store";
import { placeLabel } from "../logic/places";
import { count } from "../logic/wording";
import { cited } from "../parts/cited";
import { icon } from "../parts/icons";
import { markdown } from "../parts/markdown";

export function modulesPanel(state: State): TemplateResult {
  return html`<div class="modules">
    ${state.modules.map((module) => moduleCard(module, state))}
    <p class="hint">
      A module is a sandboxed program: it gets columns of facts and gives verdicts, and reaches nothing else.
      The digest is that of its file; reports name it.
    </p>
  </div>`;
}

function moduleCard(module: ModuleInfo, state: State): TemplateResult {
  if (module.status === "unavailable") {
    return html`<article class="module failed">
      <header>
        ${icon("warning", "verdict-fail")}
        <h3>${module.id}</h3>
        <span class="tag severity-error">unavailable</span>
      </header>
      <p>${module.problem.message}</p>
      <p class="ids">${module.problem.code}</p>
    </article>`;
  }
  const unverified = module.rules.filter((rule) => !rule.verified).length;
  const failed = (state.report?.rules ?? []).filter((rule) => rule.module === module.id && rule.problem);
  const place = module.place === "everywhere" ? "Everywhere" : placeLabel(module.place);
  const { family, edition } = module.jurisdiction;
  return html`<article class="module ${module.applies ? "" : "apart"}">
    <header>
      ${icon("book")}
      <h3>${module.title}</h3>
      <span class="tag ${module.applies && failed.length === 0 ? "good" : ""}"
        >${failed.length > 0 ? "failed" : module.applies ? "active" : "not here"}</span
      >
    </header>
    <dl class="module-facts">
      <div>
        <dt>Code</dt>
        <dd>${[family, edition].filter(Boolean).join(" ") || "–"}</dd>
      </div>
      <div>
        <dt>Place</dt>
        <dd>${place}</dd>
      </div>
      <div>
        <dt>Version</dt>
        <dd>${module.version}</dd>
      </div>
      <div>
        <dt>Digest</dt>
        <dd class="mono" title=${module.digest}>${module.digest.slice(0, 20)}…</dd>
      </div>
      <div>
        <dt>Signed</dt>
        <dd>
          ${module.signedBy ? html`${icon("shield", "verdict-pass")} key ${module.signedBy}` : "no signature asked for"}
        </dd>
      </div>
    </dl>
    ${failed.length > 0 ? html`<p class="banner warning">${icon("warning")}<span>${count(failed.length, "rule")} without a verdict. ${failed[0]!.problem!.message}</span></p>` : nothing}
    <details class="fold">
      <summary>
        ${icon("chevron")}<span>${count(module.rules.length, "rule")}</span>${unverified > 0 ? html`<span class="unverified-count" title="Rules that nobody has held against the official text of the code">${unverified} unverified *</span>` : nothing}
      </summary>
      <ul class="rules">
        ${module.rules.map(
          (rule) =>
            html`<li>
              <details class="rule">
                <summary>
                  <span
                    >${rule.title}${rule.verified ? nothing : html`<abbr class="unverified" title="Unverified">*</abbr>`}</span
                  ><small
                    >${rule.citation} ·
                    ${rule.severity}${rule.stage === "stable" ? nothing : ` · ${rule.stage}`}</small
                  >
                </summary>
                ${rule.section || rule.link ? html`<p class="hint">${cited(rule.section || rule.citation, rule.link)}</p>` : nothing}
                ${rule.page ? markdown(rule.page) : nothing}
              </details>
            </li>`,
        )}
      </ul>
    </details>
    ${module.limits ? html`<p class="hint">${module.limits}</p>` : nothing}
  </article>`;
}
