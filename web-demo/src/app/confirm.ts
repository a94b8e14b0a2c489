// Asking before edits are lost: edits live in this page only, the file never has them.

import { count } from "../logic/wording";
import { store } from "./store";

let answer: ((go: boolean) => void) | undefined;

/** The answer to the question that is open; leaving the dialog is a no. */
export function answerQuestion(go: boolean): void {
  const waiting = answer;
  answer = undefined;
  store.set({ question: undefined, ...(store.state.dialog === "question" ? { dialog: undefined } : {}) });
  waiting?.(go);
}

/** Whether to go on, though the edits will be lost; asks nobody where there are none. */
export async function mayLoseEdits(act: string): Promise<boolean> {
  const { edits, model } = store.state;
  if (edits.length === 0) return true;
  answerQuestion(false);
  const many = count(edits.length, "edit");
  store.set({
    dialog: "question",
    question: {
      title: `Discard ${many}?`,
      text: `${edits.length === 1 ? "The edit" : `The ${many}`} of ${model?.name ?? "the model"} ${edits.length === 1 ? "is" : "are"} kept in this page only. Export a report first, if you need a record of what was changed.`,
      act,
      stay: "Keep editing",
    },
  });
  return new Promise((resolve) => (answer = resolve));
}

/** The browser asks, too, before the page is left or loaded again. */
export function guardEdits(): void {
  addEventListener("beforeunload", (event) => {
    if (store.state.edits.length > 0) event.preventDefault();
  });
}
