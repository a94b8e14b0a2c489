// Edits of the model, one step at a time: made, taken back, made again. Verdicts follow at once.

import { changeParts, changesOf, touched, verdictsText } from "../logic/changes";
import { elementLabel } from "../logic/findings";
import { problemOf, wholly } from "../logic/problems";
import { show, unitOf } from "../logic/units";
import { duration } from "../logic/wording";
import { refreshRules } from "./checks";
import { start } from "./engine";
import { announce, notify } from "./notices";
import { refreshDetails } from "./selection";
import { store, type LastChange } from "./store";
import type { Changes, Edit, EditValue, ElementDetails, MadeEdit, Place } from "./types";
import type { KeptEdit } from "./unsent";

export interface Wanted {
  element: string;
  place: Place;
  /** In SI; undefined removes it. */
  value: EditValue | undefined;
  /** What it was, for people. */
  before: string;
  /** For people; made from the value when left out. */
  after?: string;
}

/** Others with whom the model is looked at. */
interface Sharing {
  /** Why no edits are made, for people. */
  refusal(): string | undefined;
  /** An edit was made here; `made`: what to take back where the others cannot make it. */
  share(edit: Edit, made: MadeEdit): void;
}

let sharing: Sharing | undefined;

export function shareEdits(others: Sharing | undefined): void {
  sharing = others;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: keys may be pressed faster than verdicts follow. */
export function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
  const done = last.then(step);
  last = done.catch(() => undefined);
  return done;
}

/** Puts a value into the model and shows what follows. */
export function makeEdit(wanted: Wanted): Promise<boolean> {
  return inTurn(() => edit(wanted));
}

export const undo = (): Promise<void> => inTurn(takeBack);
export const redo = (): Promise<void> => inTurn(makeAgain);

/** Says so where no edits are made. */
function isRefused(): boolean {
  const why = sharing?.refusal();
  if (why !== undefined) notify("error", why);
  return why !== undefined;
}

async function edit(wanted: Wanted): Promise<boolean> {
  if (isRefused()) return false;
  const { element, place } = wanted;
  const written: Edit = writing(element, place, wanted.value);
  const former = store.state.edits.findLast((made) => sameEdit(made, element, place));
  const inverse: Edit = former ? former.edit : restoring(element, place);
  const row = store.state.elements.get(element);
  const made: Omit<MadeEdit, "changes" | "milliseconds"> = {
    element: { global_id: element, label: row ? elementLabel(row) : element },
    place,
    // What was written there last; the engine may have judged by something else.
    before: former ? former.after : wanted.before,
    after: wanted.after ?? valueText(wanted.value),
    edit: written,
    inverse,
  };
  const done = await apply("edit", written, `${place.name} of ${made.element.label}: ${made.after}`);
  if (!done) return false;
  const whole = { ...made, ...done };
  store.set({ edits: [...store.state.edits, whole], undone: [], editing: undefined });
  sharing?.share(written, whole);
  return true;
}

async function takeBack(): Promise<void> {
  const made = lastOwn(store.state.edits);
  if (!made || isRefused()) return;
  const done = await apply(
    "undo",
    made.inverse,
    `${made.place.name} of ${made.element.label}: ${made.before}`,
  );
  if (!done) return;
  store.set({
    edits: store.state.edits.filter((other) => other !== made),
    undone: [...store.state.undone, made],
  });
  sharing?.share(made.inverse, made);
}

/** The last edit that was made here, and that nobody has replaced since. */
export function lastOwn(edits: readonly MadeEdit[]): MadeEdit | undefined {
  return edits.findLast(
    (made, at) =>
      made.by === undefined &&
      !edits
        .slice(at + 1)
        .some((later) => later.by !== undefined && sameEdit(later, made.element.global_id, made.place)),
  );
}

async function makeAgain(): Promise<void> {
  const made = store.state.undone.at(-1);
  if (!made || isRefused()) return;
  const done = await apply("redo", made.edit, `${made.place.name} of ${made.element.label}: ${made.after}`);
  if (!done) return;
  const whole = { ...made, ...done };
  store.set({ undone: store.state.undone.slice(0, -1), edits: [...store.state.edits, whole] });
  sharing?.share(made.edit, whole);
}

/** Makes edits that were made here before the page was loaded again, and shares them. */
export function makeKept(kept: readonly KeptEdit[]): Promise<void> {
  return inTurn(async () => {
    for (const made of kept) {
      const { element, place, after } = made;
      const done = await apply("edit", made.edit, `${place.name} of ${element.label}: ${after}`);
      if (!done) continue;
      const whole = { ...made, ...done };
      store.set({ edits: [...store.state.edits, whole] });
      sharing?.share(made.edit, whole);
    }
  });
}

/** Takes an edit back that others could not make; it is not shared. */
export function withdraw(made: MadeEdit): Promise<void> {
  return inTurn(async () => {
    if (!store.state.edits.includes(made)) return;
    await apply("undo", made.inverse, `${made.place.name} of ${made.element.label}: ${made.before}`);
    store.set({ edits: store.state.edits.filter((other) => other !== made) });
  });
}

export interface OthersOptions {
  /** One's own edits that come after these: where both write the same value, one's own counts. */
  pending: readonly Edit[];
  /** The engine refuses one of them: those before it are made. */
  partly?: boolean;
}

/** Makes edits that somebody else made. With none of them, waits for those that are being made. */
export function makeOthers(edits: readonly Edit[], by: string, options: OthersOptions): Promise<void> {
  return inTurn(async () => {
    // Values are written as a whole, so writing them again takes nothing from what else was edited.
    const again = options.pending.filter((own) => edits.some((edit) => spot(edit) === spot(own)));
    for (const edit of edits) {
      if (!(await makeOther(edit, by, options.partly ?? false))) break;
    }
    for (const edit of again) await apply("redo", edit, `Your edit of ${spotName(edit)} follows`);
    if (edits.some(({ op }) => op === "add_element" || op === "remove_element")) await readElements();
  });
}

async function makeOther(edit: Edit, by: string, partly: boolean): Promise<boolean> {
  const element = edit.op === "add_element" ? edit.global_id : edit.element;
  const row = store.state.elements.get(element);
  const label = row ? elementLabel(row) : element;
  const place = placeWritten(edit);
  const former = place && store.state.edits.findLast((made) => sameEdit(made, element, place));
  const name = place?.name ?? "Element";
  const before = former?.after ?? (place && (await shownValue(element, place))) ?? "";
  const after = "value" in edit ? valueText(edit.value ?? undefined, await unitAt(edit)) : wordsOf[edit.op];
  const done = await apply("others", edit, `${by}: ${name} of ${label}: ${after}`, partly);
  if (!done) return false;
  const made: MadeEdit = {
    element: { global_id: element, label },
    place: place ?? { kind: "attribute", set: "", name },
    before,
    after,
    edit,
    inverse: former?.edit ?? (place ? restoring(element, place) : edit),
    by,
    ...done,
  };
  store.set({ edits: [...store.state.edits, made] });
  return true;
}

/** The value that stands in a place, in words. */
async function shownValue(element: string, place: Place): Promise<string | undefined> {
  const checker = await start();
  return valueIn(await checker.element(element).catch(() => undefined), place);
}

export function valueIn(details: ElementDetails | undefined, place: Place): string | undefined {
  const named = place.kind === "attribute" ? details?.attributes : details?.properties;
  return named?.find(
    (value) => value.name === place.name && (!("set" in value) || !place.set || value.set === place.set),
  )?.value;
}

/** The unit of the fact that follows from what an edit writes, or of what stood there. */
async function unitAt(edit: Edit): Promise<string | undefined> {
  const place = placeWritten(edit);
  if (!place || edit.op === "add_element") return undefined;
  const checker = await start();
  return unitOfPlace(await checker.element(edit.element).catch(() => undefined), place);
}

export function unitOfPlace(details: ElementDetails | undefined, place: Place): string | undefined {
  const fact = details?.facts.find((one) => one.edit?.name === place.name);
  return (
    fact?.unit ?? details?.properties.find(({ name, set }) => name === place.name && set === place.set)?.unit
  );
}

export const wordsOf: Record<Edit["op"], string> = {
  set_property: "",
  set_attribute: "",
  restore_property: "as in the file",
  restore_attribute: "as in the file",
  add_element: "added",
  remove_element: "removed",
};

export function placeWritten(edit: Edit): Place | undefined {
  if (edit.op === "add_element" || edit.op === "remove_element") return undefined;
  const property = edit.op === "set_property" || edit.op === "restore_property";
  return property
    ? { kind: "property", set: edit.set ?? "", name: edit.name }
    : { kind: "attribute", set: "", name: edit.name };
}

/** Names what an edit writes. */
export function spot(edit: Edit): string {
  const place = placeWritten(edit);
  const element = edit.op === "add_element" ? edit.global_id : edit.element;
  // A property without a set is that of every set.
  return place ? `${element} ${place.kind} ${place.name.toLowerCase()}` : element;
}

const spotName = (edit: Edit): string => placeWritten(edit)?.name ?? "an element";

export async function readElements(): Promise<void> {
  const checker = await start();
  const { elements } = await checker.elements();
  store.set({ elements: new Map(elements.map((row) => [row.global_id, row])) });
}

function sameEdit(made: MadeEdit, element: string, place: Place): boolean {
  return placeKeyOf(made.element.global_id, made.place) === placeKeyOf(element, place);
}

/** Names a place of an element, whatever the case of its letters. */
export function placeKeyOf(element: string, { kind, set, name }: Place): string {
  return JSON.stringify([element, kind, set.toLowerCase(), name.toLowerCase()]);
}

function writing(element: string, { kind, set, name }: Place, value: EditValue | undefined): Edit {
  return kind === "attribute"
    ? { op: "set_attribute", element, name, value: value ?? null }
    : { op: "set_property", element, set, name, value: value ?? null };
}

export function restoring(element: string, { kind, set, name }: Place): Edit {
  return kind === "attribute"
    ? { op: "restore_attribute", element, name }
    : { op: "restore_property", element, set, name };
}

export function valueText(value: EditValue | undefined, unit?: string): string {
  if (value === undefined) return "removed";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? show(value, unitOf(unit)) : `“${value}”`;
}

let number = 0;

async function apply(
  what: LastChange["what"],
  edit: Edit,
  label: string,
  /** The engine may refuse it. */
  quietly = false,
): Promise<{ changes: Changes; milliseconds: number } | undefined> {
  store.set({ busy: true });
  const checker = await start();
  const began = performance.now();
  try {
    const { delta } = await checker.edit([edit]);
    const milliseconds = performance.now() - began;
    const before = store.state.findings;
    const findings = new Map(before);
    for (const id of delta.resolved) findings.delete(id);
    for (const finding of [...delta.changed, ...delta.added]) findings.set(finding.id, finding);
    const changes = changesOf(delta, before);
    number += 1;
    const change: LastChange = {
      number,
      what,
      label,
      changes,
      milliseconds,
      flashed: new Set(touched(changes)),
    };
    store.set({ findings, summary: delta.summary, last: change, busy: false });
    const parts = changeParts(changes).map((part) => part.text);
    announce([changeText(change), parts.join(", "), label].filter(Boolean).join(". "));
    void refreshDetails();
    scheduleRules();
    return { changes, milliseconds };
  } catch (error) {
    const problem = problemOf(error, "The edit was refused");
    if (!quietly) notify("error", wholly(problem), problem.code);
    store.set({ busy: false });
    return undefined;
  }
}

let waiting: ReturnType<typeof setTimeout> | undefined;

/** The counts of passes need the whole report: once the user pauses. */
function scheduleRules(): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => void refreshRules().catch(() => undefined), 600);
}

/** `3 verdicts changed in 1.8 ms` */
export function changeText({ changes, milliseconds }: LastChange): string {
  return `${verdictsText(changes)} in ${duration(milliseconds)}`;
}
