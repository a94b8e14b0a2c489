// The dialog in which somebody gives their own account another password.

import { html, type TemplateResult } from "lit-html";

import { changePassword } from "../app/team";
import { store, type State } from "../app/store";

/** What was wrong with the last attempt. */
let wrong: string | undefined;
let trying = false;

export function passwordForm({ team }: State): TemplateResult {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (trying) return;
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const given = (name: string) => String(data.get(name) ?? "");
    const field = (name: string) => form.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (given("next") !== given("again")) {
      again(false, "The new password is not the same both times.");
      return field("again")?.select();
    }
    again(true, undefined);
    const refused = await changePassword(given("current"), given("next"));
    again(false, refused?.why);
    if (refused) field(refused.current ? "current" : "next")?.select();
  };
  return html`<form class="sign-in" @submit=${(event: SubmitEvent) => void submit(event)}>
    <p>
      Of the account <b>${team.account?.name ?? ""}</b>. At least 12 characters. You stay signed in here;
      other browsers and programs in which you are signed in are signed out.
    </p>
    <input
      class="visually-hidden"
      name="name"
      autocomplete="username"
      tabindex="-1"
      aria-hidden="true"
      readonly
      .value=${team.account?.name ?? ""}
    />
    <label
      >Current password
      <input name="current" type="password" autocomplete="current-password" required autofocus
    /></label>
    <label>New password <input name="next" type="password" autocomplete="new-password" required /></label>
    <label
      >New password, again <input name="again" type="password" autocomplete="new-password" required
    /></label>
    <p class="sign-in-error" role="alert">${wrong ?? ""}</p>
    <div class="dialog-actions">
      <button type="submit" class="button primary" ?disabled=${trying}>
        ${trying ? "Changing…" : "Change the password"}
      </button>
    </div>
  </form>`;
}

/** Draws the form again; what was typed stays. */
function again(isTrying: boolean, problem: string | undefined): void {
  trying = isTrying;
  wrong = problem;
  const { dialog, team } = store.state;
  if (dialog === "password") store.set({ team: { ...team } });
}

/** A dialog that opens begins without the error of the last one. */
export function resetPassword(): void {
  trying = false;
  wrong = undefined;
}
