// Before a model is open: what this is, how to begin, and which codes are loaded.

import { html, nothing, svg, type TemplateResult } from "lit-html";

import { chooseFile, openSample, samples } from "../app/files";
import type { State } from "../app/store";
import { enter } from "../app/team";
import { placeLabel } from "../logic/places";
import { count } from "../logic/wording";
import { icon } from "../parts/icons";
import { panel, skeleton } from "../parts/panel";

export function mountWelcome(): void {
  panel(
    "welcome",
    ["stage", "modules", "problem", "team"],
    welcome,
    (state) => state.stage !== "loading" && state.stage !== "ready",
  );
}

function welcome(state: State): TemplateResult {
  return html`<div class="welcome-inner">
    ${state.team.resuming ? resuming(state.team.resuming) : state.problem ? problem(state.problem) : nothing}
    <div class="hero">
      <div class="hero-text">
        <h1>Is the building what the code asks for?</h1>
        <p class="lead">
          Open a building model. Every rule of the codes below is held against every element it governs, and
          each verdict shows the clause, both values, and where they come from.
        </p>
        <div class="hero-actions">
          <button type="button" class="button primary large" @click=${chooseFile}>
            ${icon("open")}Open a model…
          </button>
          ${samples.map((sample) => html`<button type="button" class="button large" @click=${() => void openSample(sample.name)}>${icon("cube")}Try the ${sample.title.toLowerCase()}</button>`)}
        </div>
        ${teamBuildings(state)}
        <p class="hint">
          Or drop a file anywhere: IFC2X3, IFC4, IFC4X3, .ifczip, or JSON. It stays on this computer.
        </p>
      </div>
      ${drawing()}
    </div>
    <div class="columns">
      <section aria-labelledby="welcome-codes">
        <h2 id="welcome-codes">Codes that are loaded</h2>
        ${
          state.modules.length === 0
            ? state.stage === "broken"
              ? html`<p class="hint">None: see above.</p>`
              : skeleton()
            : html`<ul class="code-list">
                ${state.modules.map(code)}
              </ul>`
        }
      </section>
      <section aria-labelledby="welcome-how">
        <h2 id="welcome-how">What a verdict is</h2>
        <ul class="verdict-list">
          <li>
            ${icon("fail", "verdict-fail")}<span
              ><b>Fail</b> names the clause, the measured and the required value</span
            >
          </li>
          <li>
            ${icon("undetermined", "verdict-undetermined")}<span
              ><b>Undetermined</b> says what is missing; nothing is guessed</span
            >
          </li>
          <li>
            ${icon("pass", "verdict-pass")}<span
              ><b>Pass</b> holds over the whole interval of what was measured</span
            >
          </li>
        </ul>
      </section>
    </div>
  </div>`;
}

/** So many are listed; the menu has all. */
const MOST = 6;

/** The buildings of the team, for who is signed in. */
function teamBuildings({ team }: State): TemplateResult | typeof nothing {
  const { account, buildings } = team;
  if (!account || !buildings?.length) return nothing;
  const first = buildings.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at)).slice(0, MOST);
  const rest = buildings.length - first.length;
  return html`<section class="team-open" aria-labelledby="welcome-team">
    <h2 id="welcome-team">Buildings of your team</h2>
    <div class="team-open-list">
      ${first.map(
        (building) =>
          html`<button type="button" class="button" @click=${() => void enter(building)}>
            ${icon("people")}<span>${building.name}</span>
          </button>`,
      )}
    </div>
    ${rest > 0 ? html`<p class="hint">${count(rest, "more building")} in the menu Team.</p>` : nothing}
  </section>`;
}

/** Who was signed in stays so: nothing is asked of them. */
function resuming(why: string): TemplateResult {
  return html`<div class="banner warning" role="status">
    ${icon("server")}
    <div>
      <b>${why}</b>
      <p>You need not sign in again: this page goes on by itself when the server can.</p>
    </div>
  </div>`;
}

function problem({ code, title, message, advice }: NonNullable<State["problem"]>): TemplateResult {
  return html`<div class="banner error" role="alert">
    ${icon("warning")}
    <div>
      <b>${title}</b>
      <p>${message}</p>
      ${advice ? html`<p>${advice}</p>` : nothing}
      <p class="ids">${code}</p>
    </div>
  </div>`;
}

function code(module: State["modules"][number]): TemplateResult {
  if (module.status === "unavailable") {
    return html`<li>
      ${icon("warning", "verdict-fail")}<span
        ><b>${module.id}</b><small>${module.problem.message}</small></span
      >
    </li>`;
  }
  const unverified = module.rules.filter((rule) => !rule.verified).length;
  const place = module.place === "everywhere" ? "everywhere" : placeLabel(module.place);
  return html`<li>
    ${icon("book")}<span
      ><b>${module.title}</b>
      <small
        >${count(module.rules.length, "rule")} · ${place} · version
        ${module.version}${unverified > 0 ? html` · ${unverified} unverified<abbr class="unverified" title="Nobody has held these rules against the official text of the code yet">*</abbr>` : nothing}</small
      ></span
    >
  </li>`;
}

/** A door in plan with its clear width as an interval about the limit. */
function drawing(): TemplateResult {
  return html`<svg class="hero-drawing" viewBox="0 0 360 262" aria-hidden="true" focusable="false">
    ${svg`
      <g class="plan-wall"><path d="M4 146h96v20H4zM256 146h100v20H256z" /></g>
      <g class="plan-line"><path d="M100 142h8v28h-8zM248 142h8v28h-8z" /><path d="M108 142V6h7v136z" /><path d="M115 6a136 136 0 0 1 133 136" class="dash" /></g>
      <g class="plan-dimension"><path d="M115 176v20M248 176v20M115 188h133" /><path d="m111 192 8-8M244 192l8-8" /></g>
      <text x="181" y="181" class="plan-text" text-anchor="middle">27.7 in to 32.8 in</text>
      <g class="plan-scale">
        <path d="M40 240h280" class="axis" />
        <path d="M228 231h92v18h-92z" class="permitted" />
        <path d="M150 236h92v8h-92z" class="interval" />
        <path d="M150 231v18M242 231v18" class="caps" />
        <path d="M228 226v28" class="limit" />
      </g>
      <text x="228" y="221" class="plan-text strong" text-anchor="middle">≥ 32 in</text>
    `}
  </svg>`;
}
