// Short notices at the foot of the page, and what readers are told.

import { store } from "./store";

let next = 1;

export function notify(kind: "info" | "error", text: string, detail?: string): void {
  const id = next++;
  const others = store.state.notices.filter((notice) => notice.text !== text).slice(-2);
  store.set({ notices: [...others, { id, kind, text, ...(detail ? { detail } : {}) }] });
  // Errors stay until they are closed.
  if (kind === "info") setTimeout(() => dismiss(id), 5000);
}

export function dismiss(id: number): void {
  store.set({ notices: store.state.notices.filter((notice) => notice.id !== id) });
}

/** Says it to readers. The same words twice are said twice. */
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}
