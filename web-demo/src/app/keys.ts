// Keys that work everywhere on the page; lists and menus have their own.

import { closeMenu } from "../parts/menu";
import { redo, undo } from "./editing";
import { chooseFile } from "./files";
import { cancel } from "./opening";
import { changeScene, frameSelection } from "./scene";
import { deselect } from "./selection";
import { store } from "./store";

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=range]), textarea, select, [contenteditable]") !== null
  );
}

const plain: Record<string, () => void> = {
  "/": () => {
    store.set({ tab: "findings" });
    queueMicrotask(() => document.getElementById("search")?.focus());
  },
  "?": () => store.set({ dialog: "help" }),
  o: chooseFile,
  f: frameSelection,
  i: () => changeScene({ isolated: !store.state.scene.isolated }),
  x: () => {
    const { section } = store.state.scene;
    changeScene({ section: section ? undefined : { axis: "y", at: 0.6, flip: false } });
  },
  "[": () => changeStorey(-1),
  "]": () => changeStorey(1),
};

/** Goes round: all, the lowest, …, the highest. */
function changeStorey(step: number): void {
  const { storeys, scene } = store.state;
  const round = [undefined, ...storeys.map((storey) => storey.global_id).toReversed()];
  const at = round.indexOf(scene.storey);
  changeScene({ storey: round[(at + step + round.length) % round.length] });
}

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (store.state.dialog) return;
    if (event.key === "Escape") return escape(event);
    const modified = event.ctrlKey || event.metaKey;
    if (modified && event.key.toLowerCase() === "z" && !isTyping(event.target)) {
      event.preventDefault();
      void (event.shiftKey ? redo() : undo());
      return;
    }
    if (modified || event.altKey || isTyping(event.target)) return;
    const act = plain[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    if (store.state.stage !== "ready" && event.key !== "?" && event.key.toLowerCase() !== "o") return;
    event.preventDefault();
    act();
  });
}

function escape(event: KeyboardEvent): void {
  if (closeMenu()) return;
  const { target } = event;
  if (target instanceof HTMLInputElement && target.id === "search") {
    if (target.value) store.set({ filters: { ...store.state.filters, text: "" } });
    else document.getElementById("finding-list")?.focus();
    return;
  }
  if (store.state.stage === "loading") cancel();
  else if (store.state.editing) store.set({ editing: undefined });
  else if (store.state.element) deselect();
}
