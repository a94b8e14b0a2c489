// The team's menu: who is signed in, which buildings there are, who looks at the open one. The sign-in.

import { html, nothing, type TemplateResult } from "lit-html";

import { select } from "../app/selection";
import { store, type State } from "../app/store";
import { enter, leave, openSignIn, refreshBuildings, shareModel, signIn, signOut } from "../app/team";
import { colourOf, type Team } from "../app/team-state";
import { elementLabel } from "../logic/findings";
import { placeLabel } from "../logic/places";
import { count } from "../logic/wording";
import { icon } from "../parts/icons";
import { closeMenu, menu } from "../parts/menu";

const linkWords: Record<Team["link"], string> = {
  none: "",
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
  offline: "Offline",
};

/** Nothing where there is no server that keeps buildings. */
export function teamMenu(state: State): TemplateResult | typeof nothing {
  const { team } = state;
  if (!team.offered) return nothing;
  const shared = team.link !== "none";
  const others = Math.max(team.clients - 1, 0);
  const words = team.asking
    ? `${team.asking}…`
    : team.link === "live"
      ? others === 0
        ? "Live"
        : `Live · ${others + 1}`
      : linkWords[team.link];
  return menu({
    id: "menu-team",
    title: shared ? `Team: ${linkWords[team.link]}` : "Team",
    className: `team-button ${team.link} ${team.differs ? "differs" : ""}`,
    iconOnly: !words,
    label: html`${icon("people")}${words ? html`<i class="link-dot ${team.link}"></i><span class="wide">${words}</span>` : nothing}`,
    align: "end",
    content: () => content(state),
  });
}

function chosen(act: () => unknown): () => void {
  return () => {
    closeMenu();
    void act();
  };
}

function content(state: State): TemplateResult {
  const { account, building } = state.team;
  if (!account) {
    return html`<p class="menu-text">
        Look at a building together: everybody sees the same edits and verdicts as they are made.
      </p>
      <button type="button" class="menu-item" @click=${chosen(openSignIn)}>
        ${icon("people")}Sign in…
      </button>`;
  }
  // Others upload, too: what is shown is brought up to date while it is looked at.
  queueMicrotask(refreshBuildings);
  return html`
    ${building ? together(state) : nothing} ${buildings(state)}
    <div class="menu-rule"></div>
    <p class="menu-text faint">${account.name}, ${account.role ?? "key"} in ${account.organisation}</p>
    <button type="button" class="menu-item" @click=${chosen(signOut)}>${icon("close")}Sign out</button>
  `;
}

function together(state: State): TemplateResult {
  const { team } = state;
  const people = team.people.filter((name) => name !== team.me);
  const again = team.people.includes(team.me ?? "") ? [team.me!] : [];
  return html`<div class="team-now">
      <p class="team-title"><b>${team.building!.name}</b></p>
      <p class="team-link" role="status">
        <i class="link-dot ${team.link}"></i>${linkWords[team.link]}
        <span class="faint"
          >${team.link === "live" ? count(team.clients, "connection") : (team.why ?? "")}</span
        >
      </p>
      ${
        team.waiting > 0
          ? html`<p class="team-note">${count(team.waiting, "edit")} of yours will be sent.</p>`
          : nothing
      }
      ${team.differs ? html`<p class="team-note differs">${icon("warning")}<span>${team.differs}</span></p>` : nothing}
      <ul class="team-people" aria-label="People who look at it">
        ${[...again, ...people].map((name) => person(state, name))}
      </ul>
    </div>
    <button type="button" class="menu-item" @click=${chosen(leave)}>${icon("eye")}Go on alone</button>`;
}

function person(state: State, name: string): TemplateResult {
  const { shown, me } = state.team;
  const what = shown.get(name);
  const element = what?.elements[0];
  const row = element === undefined ? undefined : state.elements.get(element);
  const label = row ? elementLabel(row) : undefined;
  return html`<li>
    <i class="person-dot person-${colourOf(name)}"></i
    ><span>${name}${name === me ? html` <span class="faint">(you)</span>` : nothing}</span>
    ${
      label && element
        ? html`<button
            type="button"
            class="link"
            title="Select what ${name} looks at"
            @click=${chosen(() => select({ element, finding: what?.finding, reveal: true }))}
          >
            ${label}
          </button>`
        : nothing
    }
  </li>`;
}

function buildings(state: State): TemplateResult {
  const { team, model } = state;
  const mayUpload = team.account?.permissions.includes("buildings:write") ?? false;
  const offered = model && mayUpload && !team.building && state.stage === "ready";
  const listed = team.buildings;
  return html`<div class="menu-title">Buildings</div>
    ${
      listed === undefined
        ? html`<p class="menu-text faint">
            ${team.asking ? `${team.asking}…` : "They could not be listed."}
          </p>`
        : listed.length === 0
          ? html`<p class="menu-text faint">
              None yet.
              ${mayUpload ? "Open a model, then upload it here." : "Somebody who may has to upload one."}
            </p>`
          : html`<div class="team-buildings">
              ${listed.map(
                (building) =>
                  html`<button
                    type="button"
                    class="menu-item"
                    ?disabled=${building.id === team.building?.id}
                    @click=${chosen(() => enter(building))}
                  >
                    ${icon(building.id === team.building?.id ? "check" : "cube")}<span
                      >${building.name}<small
                        >${placeLabel(building.jurisdiction ?? "")}, ${day(building.updated_at)}</small
                      ></span
                    >
                  </button>`,
              )}
            </div>`
    }
    ${
      offered
        ? html`<button type="button" class="menu-item" @click=${chosen(shareModel)}>
            ${icon("add")}<span
              >Upload ${model.name}<small>Your team can open it; you go on with it together</small></span
            >
          </button>`
        : nothing
    }`;
}

function day(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? time : date.toLocaleDateString("en", { dateStyle: "medium" });
}

/** What was wrong with the last attempt. */
let wrong: string | undefined;
let trying = false;

export function signInForm(state: State): TemplateResult {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (trying) return;
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    again(true, undefined);
    const problem = await signIn(String(data.get("name") ?? "").trim(), String(data.get("password") ?? ""));
    again(false, problem);
    if (problem !== undefined) form.querySelector<HTMLInputElement>("[name=password]")?.select();
  };
  return html`<form class="sign-in" @submit=${(event: SubmitEvent) => void submit(event)}>
    <p>
      ${state.host ? html`At <b>${state.host.url}</b>.` : nothing} You are signed in until this page is
      closed.
    </p>
    <label
      >Name
      <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <p class="sign-in-error" role="alert">${wrong ?? ""}</p>
    <div class="dialog-actions">
      <button type="submit" class="button primary" ?disabled=${trying}>
        ${trying ? "Signing in…" : "Sign in"}
      </button>
    </div>
  </form>`;
}

/** Draws the form again; what was typed stays. */
function again(isTrying: boolean, problem: string | undefined): void {
  trying = isTrying;
  wrong = problem;
  const { dialog, team } = store.state;
  if (dialog === "signin") store.set({ team: { ...team } });
}

/** A dialog that opens begins without the error of the last one. */
export function resetSignIn(): void {
  trying = false;
  wrong = undefined;
}
