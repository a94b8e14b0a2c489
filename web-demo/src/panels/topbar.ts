// The bar at the top: the model, the codes that apply, edits, export, theme, help.

import { html, nothing, type TemplateResult } from "lit-html";

import { setJurisdiction } from "../app/checks";
import { mayLoseEdits } from "../app/confirm";
import { lastOwn, redo, undo } from "../app/editing";
import { exportCsv, exportJson, exportPage } from "../app/export";
import { chooseFile, openSample, samples } from "../app/files";
import { closeModel } from "../app/opening";
import { store, type State } from "../app/store";
import { isDark, nextTheme } from "../app/theme";
import { placeLabel, placesOf } from "../logic/places";
import { count } from "../logic/wording";
import { icon } from "../parts/icons";
import { closeMenu, menu } from "../parts/menu";
import { panel } from "../parts/panel";
import { teamMenu } from "./team";

export function mountTopbar(): void {
  panel(
    "topbar",
    [
      "stage",
      "model",
      "loadingName",
      "jurisdiction",
      "modules",
      "edits",
      "undone",
      "busy",
      "theme",
      "host",
      "report",
      "team",
    ],
    topbar,
  );
}

function topbar(state: State): TemplateResult {
  const open = state.stage === "ready";
  return html`
    <a class="brand" href="./" aria-label="Plancheck, start page" @click=${toStart}
      >${icon("mark", "brand-mark")}<span>Plancheck</span></a
    >
    ${menu({ id: "menu-model", title: "Model", className: "model-button", label: modelLabel(state), content: () => modelMenu(state) })}
    <div class="grow"></div>
    ${menu({
      id: "menu-place",
      title: "Codes that apply",
      label: html`${icon("place")}<span class="wide">${placeLabel(state.jurisdiction)}</span
        >${icon("down", "faint")}`,
      align: "end",
      disabled: state.modules.length === 0 || state.busy || state.stage === "loading",
      content: () => placeMenu(state),
    })}
    <div class="button-group" role="group" aria-label="Edits">
      ${tool("undo", "Undo the last edit (Ctrl+Z)", undo, !lastOwn(state.edits))}
      ${tool("redo", "Make the edit again (Ctrl+Shift+Z)", redo, state.undone.length === 0)}
    </div>
    ${menu({
      id: "menu-report",
      title: "Report",
      className: "primary",
      label: html`${icon("download")}<span class="wide">Report</span>`,
      align: "end",
      disabled: !open,
      content: () => reportMenu(state),
    })}
    ${teamMenu(state)}
    ${tool(isDark() ? "sun" : "moon", isDark() ? "Light colours" : "Dark colours", nextTheme, false, "theme-button")}
    ${tool("help", "Help and keys (?)", () => store.set({ dialog: "help" }))}
  `;
}

function toStart(event: Event): void {
  event.preventDefault();
  void closeAsking();
}

async function closeAsking(): Promise<void> {
  if (await mayLoseEdits("Discard and close")) closeModel();
}

function tool(
  name: Parameters<typeof icon>[0],
  title: string,
  act: () => unknown,
  disabled = false,
  className = "",
): TemplateResult {
  return html`<button
    type="button"
    class="button icon-only ${className}"
    aria-label=${title}
    title=${title}
    ?disabled=${disabled}
    @click=${() => void act()}
  >
    ${icon(name)}
  </button>`;
}

function modelLabel(state: State): TemplateResult {
  const name = state.model?.name ?? state.loadingName;
  return html`${icon(name ? "document" : "open")}<span class="model-name">${name ?? "Open a model"}</span
    >${icon("down", "faint")}`;
}

function modelMenu(state: State): TemplateResult {
  const choose = (act: () => unknown) => () => {
    closeMenu();
    void act();
  };
  const { model, report } = state;
  return html`
    ${
      model && report
        ? html`<dl class="menu-facts">
            <div>
              <dt>Project</dt>
              <dd>${report.model.name ?? "–"}</dd>
            </div>
            <div>
              <dt>Format</dt>
              <dd>${report.model.schema}${report.model.format === "json" ? " from JSON" : ""}</dd>
            </div>
            <div>
              <dt>Content</dt>
              <dd>${count(report.model.elements, "element")}, ${count(report.model.records, "record")}</dd>
            </div>
            <div>
              <dt>Digest</dt>
              <dd class="mono" title=${report.model.digest}>${report.model.digest.slice(0, 16)}…</dd>
            </div>
            ${
              report.diagnostics.total > 0
                ? html`<div>
                    <dt>Oddities</dt>
                    <dd>${oddities(report)}</dd>
                  </div>`
                : nothing
            }
          </dl>`
        : nothing
    }
    <button type="button" class="menu-item" @click=${choose(chooseFile)}>
      ${icon("open")}Open a file…<kbd>O</kbd>
    </button>
    <div class="menu-title">Samples</div>
    ${samples.map(
      (sample) =>
        html`<button type="button" class="menu-item" @click=${choose(() => openSample(sample.name))}>
          ${icon("cube")}<span>${sample.title}<small>${sample.about}</small></span>
        </button>`,
    )}
    ${
      model
        ? html`<div class="menu-rule"></div>
            <button type="button" class="menu-item" @click=${choose(closeAsking)}>
              ${icon("close")}Close the model
            </button>`
        : nothing
    }
  `;
}

function oddities(report: NonNullable<State["report"]>): TemplateResult {
  const { total, first } = report.diagnostics;
  return html`<details class="oddities">
    <summary>${count(total, "oddity", "oddities")} of the input</summary>
    <ul>
      ${first.slice(0, 50).map((odd) => html`<li><code>${odd.code}</code> ${odd.message}${odd.record === undefined ? "" : ` (#${odd.record})`}</li>`)}
    </ul>
  </details>`;
}

function placesNamed({ modules }: State): string[] {
  return modules.flatMap((module) =>
    module.status === "ready" && module.place !== "everywhere" ? [module.place] : [],
  );
}

function placeMenu(state: State): TemplateResult {
  const options = [{ path: "", label: "All places" }, ...placesOf(placesNamed(state))];
  const choose = (path: string) => {
    closeMenu();
    void setJurisdiction(path);
  };
  const typed = (event: SubmitEvent) => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get("place");
    choose(
      String(value ?? "")
        .trim()
        .toLowerCase(),
    );
  };
  return html`
    <div class="menu-title">Codes of</div>
    <div role="radiogroup" aria-label="Place">
      ${options.map(
        ({ path, label }) =>
          html`<button
            type="button"
            class="menu-item"
            role="radio"
            aria-checked=${path === state.jurisdiction}
            @click=${() => choose(path)}
          >
            <span class="tick">${path === state.jurisdiction ? icon("check") : nothing}</span>${label}
            ${path ? html`<code class="faint">${path}</code>` : nothing}
          </button>`,
      )}
    </div>
    <form class="menu-form" @submit=${typed}>
      <label for="place-typed">Another place</label>
      <div class="joined">
        <input
          id="place-typed"
          name="place"
          placeholder="us/ca/san-francisco"
          autocomplete="off"
          spellcheck="false"
          required
          title="country/state/county/city"
        />
        <button type="submit" class="button">Check</button>
      </div>
      <p class="hint">Modules of that place and of the larger ones around it apply.</p>
    </form>
    <p class="menu-note">
      Every edition that is loaded applies, whatever its dates: choosing codes by date comes later.
    </p>
  `;
}

function reportMenu(state: State): TemplateResult {
  const choose = (act: () => unknown) => () => {
    closeMenu();
    void act();
  };
  return html`
    <button type="button" class="menu-item" @click=${choose(exportPage)}>
      ${icon("document")}<span
        >Download to print<small
          >One HTML page: result, codes, edits, and every finding by clause</small
        ></span
      >
    </button>
    <button type="button" class="menu-item" @click=${choose(exportCsv)}>
      ${icon("list")}<span>Download as CSV<small>A row for each finding, for Excel and the like</small></span>
    </button>
    <button type="button" class="menu-item" @click=${choose(exportJson)}>
      ${icon("download")}<span
        >Download as JSON<small>The exact bytes, as the server and the command line write them</small></span
      >
    </button>
    <div class="menu-rule"></div>
    <button
      type="button"
      class="menu-item"
      ?disabled=${!state.host}
      @click=${choose(() => store.set({ dialog: "compare" }))}
    >
      ${icon("server")}<span
        >Compare with the server…<small
          >${state.host ? `${state.host.url} checks the same file` : "This page is not served by a Plancheck server"}</small
        ></span
      >
    </button>
    ${
      state.report
        ? html`<dl class="menu-facts below">
            <div>
              <dt>Ruleset</dt>
              <dd class="mono" title=${state.report.ruleset.digest}>
                ${state.report.ruleset.digest.slice(0, 16)}…
              </dd>
            </div>
            <div>
              <dt>Engine</dt>
              <dd class="mono" title=${state.report.engine.digest}>
                ${state.report.engine.version} · ${state.report.engine.digest.slice(0, 10)}…
              </dd>
            </div>
          </dl>`
        : nothing
    }
  `;
}
