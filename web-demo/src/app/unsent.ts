// One's own edits that the server has not taken yet: kept in the tab's own storage, so that they outlive a reload.

import { count } from "../logic/wording";
import { notify } from "./notices";
import { store } from "./store";
import type { Edit, MadeEdit } from "./types";

/** An edit without what it changed: that follows when it is made again. */
export type KeptEdit = Omit<MadeEdit, "changes" | "milliseconds">;

export interface KeptEdits {
  building: string;
  /** BLAKE3 of the model that they are edits of. */
  model: string;
  account: string;
  edits: { made: KeptEdit; after: number }[];
}

export interface Unsent {
  edit: Edit;
  made?: MadeEdit | undefined;
  /** Number of the last edit of the server that was made here before. */
  after: number;
  /** Of `performance.now()`. */
  since: number;
}

/** Milliseconds after which an edit without an answer is said to be not sent; usual answers are here before. */
export const USUAL = 1_500;

const key = () => `plancheck-unsent ${new URL(".", document.baseURI).href}`;

/** Keeps exactly these; `former`: those of before the page was loaded, as long as they are not made again. */
export function keepUnsent(
  building: { id: string; model: string },
  unsent: Iterable<Unsent>,
  former: KeptEdits | undefined,
): void {
  const { account } = store.state.team;
  const edits = [...unsent].flatMap(({ edit, made, after }) =>
    made ? [{ made: keptOf(edit, made), after }] : [],
  );
  const all = [...(former?.edits ?? []), ...edits];
  try {
    if (all.length === 0 || !account) return sessionStorage.removeItem(key());
    const model = former?.model ?? building.model;
    const kept: KeptEdits = { building: building.id, model, account: account.id, edits: all };
    sessionStorage.setItem(key(), JSON.stringify(kept));
  } catch {
    // The browser keeps nothing, or has no room: it asks before the page is left.
  }
}

/** What is sent of an edit that was taken back is its inverse. */
function keptOf(edit: Edit, { element, place, before, after, edit: written, inverse }: MadeEdit): KeptEdit {
  return edit === written
    ? { element, place, before, after, edit, inverse }
    : { element, place, before: after, after: before, edit, inverse: written };
}

export function forgetUnsent(): void {
  try {
    sessionStorage.removeItem(key());
  } catch {
    // Nothing is stored where it cannot be.
  }
}

/** What was kept of this building, by whoever is signed in. */
export function keptUnsent({ id }: { id: string }): KeptEdits | undefined {
  const kept = read();
  return kept?.building === id && kept.account === store.state.team.account?.id ? kept : undefined;
}

/** Those that are to be made again; says so where they are of a model that is gone. `isMade`: the server has it after
 * all. */
export function stillUnsent(
  kept: KeptEdits,
  building: { name: string; model: string },
  isMade: (edit: Edit, after: number) => boolean,
): KeptEdit[] {
  if (kept.model === building.model)
    return kept.edits.filter(({ made, after }) => !isMade(made.edit, after)).map(({ made }) => made);
  const gone = kept.edits.map(({ made }) => made);
  notify(
    "fatal",
    `${count(gone.length, "edit")} of yours did not reach the server before ${building.name} got another model, and ${gone.length === 1 ? "is" : "are"} gone: ${gone.map(({ element, place, after }) => `${place.name} of ${element.label}, ${after}`).join("; ")}.`,
  );
  return [];
}

function read(): KeptEdits | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key()) ?? "null") as KeptEdits | null;
    return Array.isArray(kept?.edits) ? kept : undefined;
  } catch {
    return undefined;
  }
}
