// What is selected: a finding, with its element, or an element alone.

import { elementLabel } from "../logic/findings";
import { verdictWord } from "../parts/icons";
import { start } from "./engine";
import { announce } from "./notices";
import { readRelated } from "./owners";
import { showSelection } from "./scene";
import { store } from "./store";
import type { ElementDetails } from "./types";
import { linked, writeHash } from "./url";

export interface Selection {
  finding?: string | undefined;
  element?: string | undefined;
  /** Also show it in the list: it was not chosen there. */
  reveal?: boolean;
  /** Leave the camera where it is: it was chosen in 3D. */
  still?: boolean;
}

export async function select({ finding, element, reveal, still }: Selection): Promise<void> {
  const { state } = store;
  const found = finding === undefined ? undefined : state.findings.get(finding);
  const globalId = found?.element.global_id ?? element;
  if (!globalId) return deselect();
  const same = globalId === state.element;
  store.set({
    finding: found?.id,
    element: globalId,
    editing: undefined,
    ...(same ? {} : { details: undefined }),
    ...(found && reveal ? { tab: "findings" } : {}),
    ...(reveal === undefined || !still ? { pane: "details" as const } : {}),
  });
  writeSelected();
  showSelection(globalId, still ?? false);
  if (found) announce(`${verdictWord[found.verdict]}: ${elementLabel(found.element)}. ${found.message}`);
  if (!same || !state.details) await refreshDetails();
  else await readRelated();
}

export function deselect(): void {
  store.set({ finding: undefined, element: undefined, details: undefined, editing: undefined });
  writeSelected();
  showSelection(undefined, true);
}

/** Writes into the address which building of the team is open, and what is selected. */
export function writeSelected(): void {
  const { team, finding, element } = store.state;
  writeHash({ building: team.building?.id, finding, element });
}

/** Asks the engine for the facts and properties of the selected element, and of those that its finding looks at. */
export async function refreshDetails(): Promise<void> {
  const { element } = store.state;
  if (!element) return;
  const checker = await start();
  try {
    const details = await checker.element(element);
    if (store.state.element === element) store.set({ details });
    await readRelated();
  } catch {
    // Elements of an IDS report may be records without an identity, and links may be old.
    if (store.state.element === element && !store.state.finding) deselect();
  }
}

/** What the engine says of a fact now. */
export async function factNow(
  element: string,
  path: string,
): Promise<ElementDetails["facts"][number] | undefined> {
  const checker = await start();
  return (await checker.element(element)).facts.find((fact) => fact.path === path);
}

/** Selects what the address names, if it is there. */
export function selectLinked(): void {
  const { finding, element } = linked();
  if (finding || element) void select({ finding, element, reveal: true });
}
