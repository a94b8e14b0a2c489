// The team's menu: who is signed in, which buildings there are, who looks at the open one. The sign-in.

import type { Building } from "@plancheck/engine";
import { html, nothing, type TemplateResult } from "lit-html";

import { chooseModel } from "../app/files";
import { select } from "../app/selection";
import { store, type State } from "../app/store";
import {
  enter,
  leave,
  openSignIn,
  refreshBuildings,
  replaceByFile,
  replaceByOpen,
  shareModel,
  signIn,
  signOut,
} from "../app/team";
import { catchingWords, colourOf, looksOnly, unsentWords, type Team } from "../app/team-state";
import { linked } from "../app/url";
import { elementLabel } from "../logic/findings";
import { placeLabel } from "../logic/places";
import { count } from "../logic/wording";
import { copy } from "../parts/copy";
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
  const unsent = unsentWords(team);
  const who = team.account
    ? `${team.account.name}, ${team.account.role ?? "key"}`
    : "sign in to look at buildings together";
  return menu({
    id: "menu-team",
    title: `Team: ${team.link === "none" ? (team.resuming ?? who) : `${linkText(team)}, ${unsent ? `${unsent}, ` : ""}${who}`}`,
    className: `team-button ${shownLink(team)} ${team.account || team.resuming ? "" : "signed-out"} ${team.differs ? "differs" : ""}`,
    label: html`${icon("people")}<span class="wide">Team</span>${whoIsIn(team)}<i
        class="link-dot ${shownLink(team)}"
      ></i
      ><span class="team-state">${stateWords(team)}</span>`,
    align: "end",
    content: () => content(state),
  });
}

/** While the state is that of the connection: who is signed in. */
function whoIsIn({ account, link }: Team): TemplateResult | typeof nothing {
  if (!account || link === "none") return nothing;
  return html`<span class="team-who" title="Signed in as ${account.name}"
    ><i class="initial person-${colourOf(account.name)}" aria-hidden="true">${[...account.name][0]}</i
    ><span class="name">${account.name}</span></span
  >`;
}

/** A page that catches up is not live yet, nor is one whose edits the server does not take. */
function shownLink({ link, catching, resuming, unsent }: Team): string {
  if (link === "none" && resuming) return "connecting";
  if (link !== "live") return link;
  return catching ? "catching" : unsent.length > 0 ? "unsent" : link;
}

function linkText({ link, catching }: Team): string {
  return link === "live" && catching ? catchingWords(catching).join("") : linkWords[link];
}

/** As short as fits beside the rest at the width of a telephone. */
function stateWords(team: Team): string | TemplateResult {
  const { account, asking, catching, clients, link, resuming, unsent } = team;
  if (link === "live" && catching) {
    const [words, rest] = catchingWords(catching);
    return html`<span class="words">${words}</span>${rest}`;
  }
  if (link !== "none" && unsent.length > 0) {
    const [number, edits, ...rest] = unsentWords(team).split(" ");
    return html`${number} <span class="words">${edits} </span>${rest.join(" ")}`;
  }
  if (link === "live") return clients > 1 ? `Live · ${clients}` : "Live";
  if (link !== "none") return linkWords[link];
  if (asking) return `${asking}…`;
  if (resuming) return "Signing in again…";
  return account?.name ?? "Signed out";
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
    return html`${state.team.resuming ? html`<p class="menu-text" role="status">${state.team.resuming}</p>` : nothing}
      <p class="menu-text">
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
    <button type="button" class="menu-item" @click=${chosen(() => store.set({ dialog: "password" }))}>
      ${icon("edit")}Change your password…
    </button>
    <button type="button" class="menu-item" @click=${chosen(signOut)}>${icon("close")}Sign out</button>
  `;
}

function together(state: State): TemplateResult {
  const { team } = state;
  const people = team.people.filter((name) => name !== team.me);
  const again = team.people.includes(team.me ?? "") ? [team.me!] : [];
  const building = team.building!;
  const why = looksOnly(team);
  return html`<div class="team-now">
      <p class="team-title"><b>${building.name}</b></p>
      <p class="team-link" role="status">
        <i class="link-dot ${shownLink(team)}"></i>${linkText(team)}
        <span class="faint"
          >${team.link === "live" ? count(team.clients, "connection") : (team.why ?? "")}</span
        >
      </p>
      ${
        team.waiting > 0
          ? html`<p class="team-note">
              ${icon("warning")}<span
                >${count(team.waiting, "edit")} of yours will be sent: nobody else sees
                ${team.waiting === 1 ? "it" : "them"} until then. Loading this tab again loses nothing,
                closing it does.</span
              >
            </p>`
          : nothing
      }
      ${why ? html`<p class="team-note">${icon("eye")}<span>${why}</span></p>` : nothing}
      ${team.differs ? html`<p class="team-note differs">${icon("warning")}<span>${team.differs}</span></p>` : nothing}
      <ul class="team-people" aria-label="People who look at it">
        ${[...again, ...people].map((name) => person(state, name))}
      </ul>
    </div>
    <button
      type="button"
      class="menu-item"
      @click=${chosen(() => copy(location.href, "Copied the link: whoever is signed in and may see the building can open it."))}
    >
      ${icon("copy")}Copy the link
    </button>
    ${
      mayUpload(team)
        ? html`<button
            type="button"
            class="menu-item"
            @click=${chosen(() => chooseModel((file) => replaceByFile(building, file)))}
          >
            ${icon("upload")}Replace its model…
          </button>`
        : nothing
    }
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

const mayUpload = ({ account }: Team): boolean => account?.permissions.includes("buildings:write") ?? false;

function buildings(state: State): TemplateResult {
  const { team, model } = state;
  const offered = model && mayUpload(team) && !team.building && state.stage === "ready";
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
              ${mayUpload(team) ? "Open a model, then upload it here." : "Somebody who may has to upload one."}
            </p>`
          : html`<div class="team-buildings">
              ${listed.map(
                (building) =>
                  html`<div class="team-building">
                    <button
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
                    </button>
                    ${offered ? replaceButton(building, model.name) : nothing}
                  </div>`,
              )}
            </div>`
    }
    ${
      offered
        ? html`<button type="button" class="menu-item" @click=${chosen(shareModel)}>
            ${icon("add")}<span
              >Upload ${model.name}<small
                >As a new building that your team can open; you go on with it together</small
              ></span
            >
          </button>`
        : nothing
    }`;
}

function replaceButton(building: Building, by: string): TemplateResult {
  const title = `Replace the model of ${building.name} by ${by}…`;
  return html`<button
    type="button"
    class="button icon-only tiny"
    aria-label=${title}
    title=${title}
    @click=${chosen(() => replaceByOpen(building))}
  >
    ${icon("upload")}
  </button>`;
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
      ${state.host ? html`At <b>${state.host.url}</b>.` : nothing} You stay signed in in this tab until you
      sign out or close it.
    </p>
    ${linked().building ? html`<p>Then the building of the link is opened.</p>` : nothing}
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
