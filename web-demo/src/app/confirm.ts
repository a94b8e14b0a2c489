// Asking before edits are lost: the file never has them. Edits of a model that is open alone live in this page only.

import { count } from "../logic/wording";
import { store, type Question, type State } from "./store";

let answer: ((go: boolean) => void) | undefined;

/** The answer to the question that is open; leaving the dialog is a no. */
export function answerQuestion(go: boolean): void {
  const waiting = answer;
  answer = undefined;
  store.set({ question: undefined, ...(store.state.dialog === "question" ? { dialog: undefined } : {}) });
  waiting?.(go);
}

/** Edits that are in this page only: those of a building that is shared are at the server. */
function kept({ edits, shared, team }: Readonly<State>): number {
  return team.building ? team.waiting : edits.filter((made) => !shared.includes(made)).length;
}

/** Whether to go on, though the edits will be lost; asks nobody where there are none. */
export async function mayLoseEdits(act: string): Promise<boolean> {
  const { model } = store.state;
  const edits = kept(store.state);
  if (edits === 0) return true;
  const many = count(edits, "edit");
  return ask({
    title: `Discard ${many}?`,
    text: `${edits === 1 ? "The edit" : `The ${many}`} of ${model?.name ?? "the model"} ${edits === 1 ? "is" : "are"} kept in this page only. Export a report first, if you need a record of what was changed.`,
    act,
    stay: "Keep editing",
  });
}

/** Asks, in place of a question that is open. */
export function ask(question: Question): Promise<boolean> {
  answerQuestion(false);
  store.set({ dialog: "question", question });
  return new Promise((resolve) => (answer = resolve));
}

/** The browser asks, too, before the page is left or loaded again. */
export function guardEdits(): void {
  addEventListener("beforeunload", (event) => {
    if (kept(store.state) > 0) event.preventDefault();
  });
}
