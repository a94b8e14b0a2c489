// The dialogs: help, the comparison with the server, and questions before something is lost. The notices.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { repeat } from "lit-html/directives/repeat.js";

import { answerQuestion } from "../app/confirm";
import { dismiss, holdNotice, releaseNotice } from "../app/notices";
import { store, type Question, type State } from "../app/store";
import { icon } from "../parts/icons";
import { compareDialog, resetComparison } from "./compare";
import { passwordForm, resetPassword } from "./password";
import { resetSignIn, signInForm } from "./team";

export function mountDialogs(): void {
  const node = document.getElementById("dialogs")!;
  store.watch(["dialog", "edits", "model", "question", "team"], (state) => render(dialogs(state), node));
  const notices = document.getElementById("notices")!;
  store.watch(["notices"], (state) => render(noticeList(state), notices));
}

/** What had the focus before the dialog. */
let returnTo: Element | null = null;

/** Opens it as a modal, which keeps the focus inside and answers Esc; gives the focus back when it goes. */
const modal = ref((node) => {
  if (!node) {
    const former = returnTo;
    returnTo = null;
    // As long as the dialog is in the page, nothing else can have the focus.
    queueMicrotask(() => {
      if (former instanceof HTMLElement) former.focus();
    });
    return;
  }
  // It is told before the node is in the page.
  queueMicrotask(() => {
    if (!(node instanceof HTMLDialogElement) || !node.isConnected || node.open) return;
    returnTo = document.activeElement;
    node.showModal();
  });
});

export function closeDialog(): void {
  resetComparison();
  resetSignIn();
  resetPassword();
  answerQuestion(false);
  store.set({ dialog: undefined });
}

function dialogs(state: State): TemplateResult | typeof nothing {
  if (!state.dialog) return nothing;
  const [title, content] = {
    help: () => ["Help", help()] as const,
    compare: () => ["Compare with the server", compareDialog(state)] as const,
    password: () => ["Change your password", passwordForm(state)] as const,
    signin: () => ["Sign in", signInForm(state)] as const,
    question: () => [state.question?.title ?? "", question(state.question)] as const,
  }[state.dialog]();
  const outside = (event: MouseEvent) => {
    if (event.target === event.currentTarget) closeDialog();
  };
  return html`<dialog
    class="dialog ${["question", "signin", "password"].includes(state.dialog) ? "small" : ""}"
    aria-labelledby="dialog-title"
    ${modal}
    @close=${closeDialog}
    @click=${outside}
  >
    <div class="dialog-inner">
      <header>
        <h2 id="dialog-title">${title}</h2>
        <button
          type="button"
          class="button icon-only"
          aria-label="Close"
          title="Close (Esc)"
          @click=${closeDialog}
        >
          ${icon("close")}
        </button>
      </header>
      ${content}
    </div>
  </dialog>`;
}

/** What leaves everything as it is has the focus: Enter loses nothing. */
function question(asked: Question | undefined): TemplateResult | typeof nothing {
  if (!asked) return nothing;
  return html`<p>${asked.text}</p>
    <div class="dialog-actions">
      <button type="button" class="button danger" @click=${() => answerQuestion(true)}>${asked.act}</button>
      <button type="button" class="button primary" autofocus @click=${() => answerQuestion(false)}>
        ${asked.stay}
      </button>
    </div>`;
}

const keys: [string[], string][] = [
  [["O"], "open a file"],
  [["/"], "search the findings"],
  [["↑", "↓"], "next and former finding"],
  [["←", "→"], "fold and unfold a clause"],
  [["Enter"], "read the finding’s details"],
  [["F"], "frame the selection in the model"],
  [["I"], "show the selection alone"],
  [["X"], "cut the model with a plane"],
  [["[", "]"], "storey below, storey above"],
  [["Home"], "show the whole model (in 3D)"],
  [["Ctrl", "Z"], "undo the last edit; with Shift: make it again"],
  [["Esc"], "close, cancel, select nothing"],
  [["?"], "this help"],
];

function help(): TemplateResult {
  return html`<div class="help">
    <section>
      <h3>Keys</h3>
      <dl class="keys">
        ${keys.map(
          ([names, what]) =>
            html`<div>
              <dt>${names.map((name) => html`<kbd>${name}</kbd>`)}</dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>
    </section>
    <section>
      <h3>What the numbers mean</h3>
      <dl class="terms">
        <dt>Score</dt>
        <dd>Passed, of what was decided: it says nothing of the rest.</dd>
        <dt>Decided</dt>
        <dd>Passed and failed, of all that the rules govern: how much the data let be judged.</dd>
        <dt>Undetermined</dt>
        <dd>
          A fact is missing, its sources contradict each other, or the limit lies within what was measured.
          The details say which.
        </dd>
        <dt>Interval</dt>
        <dd>
          A value that is not certain is drawn as a bar. A limit inside the bar is undetermined; outside it
          decides.
        </dd>
        <dt>Unverified <abbr class="unverified" title="Unverified">*</abbr></dt>
        <dd>
          Nobody has held this rule against the official text of its code yet. Read the clause before you rely
          on the verdict.
        </dd>
        <dt>Readiness</dt>
        <dd>What a model has to say before rules can judge it.</dd>
      </dl>
      <p class="hint">
        Models are read and checked in this browser. A file leaves it only when you compare with the server,
        or upload it for your team.
      </p>
    </section>
  </div>`;
}

function noticeList(state: State): TemplateResult {
  const release = (id: number) => (event: Event) => {
    const node = event.currentTarget as Element;
    // The focus moves after the event.
    setTimeout(() => {
      if (!node.matches(":hover, :focus-within")) releaseNotice(id);
    });
  };
  return html`${repeat(
    state.notices,
    (notice) => notice.id,
    (notice) =>
      html`<div
        class="notice ${notice.kind === "info" ? "info" : "error"}"
        role=${notice.kind === "info" ? "status" : "alert"}
        @pointerenter=${() => holdNotice(notice.id)}
        @pointerleave=${release(notice.id)}
        @focusin=${() => holdNotice(notice.id)}
        @focusout=${release(notice.id)}
      >
        ${icon(notice.kind === "info" ? "check" : "warning")}
        <p title=${notice.detail ? `Code for the log and for support: ${notice.detail}` : nothing}>
          ${notice.text}
        </p>
        <button
          type="button"
          class="button icon-only tiny"
          aria-label="Dismiss"
          @click=${() => dismiss(notice.id)}
        >
          ${icon("close")}
        </button>
      </div>`,
  )}`;
}
