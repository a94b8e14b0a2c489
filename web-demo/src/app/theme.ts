// Light, dark, or what the system says.

import { store } from "./store";

const KEY = "plancheck-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  const { theme } = store.state;
  return theme === "system" ? dark.matches : theme === "dark";
}

function apply(): void {
  document.documentElement.dataset["theme"] = isDark() ? "dark" : "light";
}

/** Follows the system and what was chosen; `changed` is told of both. */
export function startTheme(changed: () => void): void {
  const kept = read();
  if (kept) store.set({ theme: kept });
  apply();
  const both = () => {
    apply();
    changed();
  };
  dark.addEventListener("change", both);
  store.watch(["theme"], both);
}

export function nextTheme(): void {
  const theme = isDark() ? "light" : "dark";
  store.set({ theme: theme === (dark.matches ? "dark" : "light") ? "system" : theme });
  try {
    localStorage.setItem(KEY, store.state.theme);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

function read(): "light" | "dark" | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : undefined;
  } catch {
    return undefined;
  }
}
