// Edits that were made before this page came, or while it was away: made many at a time. They are no news, so nothing
// is flashed or told of each; what is shown counts again when all of them are made.

import type { Checker, ElementDetails } from "@plancheck/engine";

import { elementLabel } from "../logic/findings";
import { showReport } from "./checks";
import {
  inTurn,
  placeKeyOf,
  placeWritten,
  readElements,
  restoring,
  spot,
  valueIn,
  valueText,
  unitOfPlace,
  wordsOf,
} from "./editing";
import { start } from "./engine";
import { refreshDetails } from "./selection";
import { store } from "./store";
import type { Edit, MadeEdit } from "./types";

/** Edits that the server made as one step. */
export interface Step {
  by: string;
  edits: readonly Edit[];
}

/** Edits in one call: so many are judged at once, and so often is said how far it has come. */
const AT_ONCE = 200;
/** Milliseconds for asking what stood where edits were made: who waits for many of them need not know of each. */
const ASKING = 1_500;

export interface CatchUpOptions {
  /** One's own edits that come after these: where both write the same value, one's own counts. */
  pending: readonly Edit[];
  /** Is told how many edits are made. */
  heard: (done: number, total: number) => void;
}

/** Makes the edits of a backlog. Where the engine refuses one, the rest of its step is left out, as at the server. */
export function catchUpWith(steps: readonly Step[], options: CatchUpOptions): Promise<void> {
  return inTurn(async () => {
    const all = steps.flatMap(({ by, edits }, step) => edits.map((edit) => ({ edit, by, step })));
    if (all.length === 0) return;
    store.set({ busy: true });
    try {
      const checker = await start();
      options.heard(0, all.length);
      const known = await detailsOf(
        checker,
        all.map(({ edit }) => edit),
      );
      const done: { edit: Edit; by: string }[] = [];
      for (let at = 0; at < all.length;) {
        const batch = all.slice(at, at + AT_ONCE);
        const refused = await tryAll(
          checker,
          batch.map(({ edit }) => edit),
        );
        done.push(...batch.slice(0, refused));
        if (refused === undefined) at += batch.length;
        else {
          const { step } = batch[refused]!;
          at += refused + 1;
          while (all[at]?.step === step) at += 1;
        }
        options.heard(at, all.length);
      }
      const written = new Set(all.map(({ edit }) => spot(edit)));
      const again = options.pending.filter((own) => written.has(spot(own)));
      if (again.length > 0) await tryAll(checker, again);
      const { report } = await checker.report();
      const made = describe(done, known);
      showReport(report);
      store.set({ edits: [...store.state.edits, ...made] });
      if (all.some(({ edit: { op } }) => op === "add_element" || op === "remove_element"))
        await readElements();
    } finally {
      store.set({ busy: false });
    }
    void refreshDetails();
  });
}

/** The place of the edit that is refused: those before it are made. */
async function tryAll(checker: Checker, edits: readonly Edit[]): Promise<number | undefined> {
  try {
    await checker.edit(edits);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    const at = code === "bad-edit" ? /^edit (\d+):/.exec(String(message))?.[1] : undefined;
    if (at === undefined) throw error;
    return Number(at);
  }
}

/** What the elements say before they are edited. */
async function detailsOf(
  checker: Checker,
  edits: readonly Edit[],
): Promise<ReadonlyMap<string, ElementDetails>> {
  const known = new Map<string, ElementDetails>();
  const began = performance.now();
  for (const edit of edits) {
    if (edit.op === "add_element" || known.has(edit.element)) continue;
    if (performance.now() - began > ASKING) break;
    const details = await checker.element(edit.element).catch(() => undefined);
    if (details) known.set(edit.element, details);
  }
  return known;
}

function describe(
  done: readonly { edit: Edit; by: string }[],
  known: ReadonlyMap<string, ElementDetails>,
): MadeEdit[] {
  const last = new Map<string, MadeEdit>();
  const note = (made: MadeEdit) => last.set(placeKeyOf(made.element.global_id, made.place), made);
  for (const made of store.state.edits) note(made);
  return done.map(({ edit, by }) => {
    const element = edit.op === "add_element" ? edit.global_id : edit.element;
    const row = store.state.elements.get(element);
    const place = placeWritten(edit);
    const details = known.get(element);
    const former = place && last.get(placeKeyOf(element, place));
    const made: MadeEdit = {
      element: { global_id: element, label: row ? elementLabel(row) : element },
      place: place ?? { kind: "attribute", set: "", name: "Element" },
      before: former?.after ?? (place && valueIn(details, place)) ?? "",
      after:
        "value" in edit
          ? valueText(edit.value ?? undefined, place && unitOfPlace(details, place))
          : wordsOf[edit.op],
      edit,
      inverse: former?.edit ?? (place ? restoring(element, place) : edit),
      changes: { added: [], resolved: [], turned: [], reworded: [] },
      milliseconds: 0,
      earlier: true,
      by,
    };
    if (place) note(made);
    return made;
  });
}
