// Edits of the model, one step at a time: made, taken back, made again. Verdicts follow at once.

import { changeParts, changesOf, touched, verdictsText } from "../logic/changes";
import { elementLabel } from "../logic/findings";
import { problemOf } from "../logic/problems";
import { show, unitOf } from "../logic/units";
import { duration } from "../logic/wording";
import { refreshRules } from "./checks";
import { start } from "./engine";
import { announce, notify } from "./notices";
import { refreshDetails } from "./selection";
import { store, type LastChange } from "./store";
import type { Changes, Edit, EditValue, MadeEdit, Place } from "./types";

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

let last: Promise<unknown> = Promise.resolve();

/** One after the other: keys may be pressed faster than verdicts follow. */
function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
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

async function edit(wanted: Wanted): Promise<boolean> {
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
  store.set({ edits: [...store.state.edits, { ...made, ...done }], undone: [], editing: undefined });
  return true;
}

async function takeBack(): Promise<void> {
  const made = store.state.edits.at(-1);
  if (!made) return;
  const done = await apply(
    "undo",
    made.inverse,
    `${made.place.name} of ${made.element.label}: ${made.before}`,
  );
  if (!done) return;
  store.set({ edits: store.state.edits.slice(0, -1), undone: [...store.state.undone, made] });
}

async function makeAgain(): Promise<void> {
  const made = store.state.undone.at(-1);
  if (!made) return;
  const done = await apply("redo", made.edit, `${made.place.name} of ${made.element.label}: ${made.after}`);
  if (!done) return;
  store.set({ undone: store.state.undone.slice(0, -1), edits: [...store.state.edits, { ...made, ...done }] });
}

function sameEdit(made: MadeEdit, element: string, place: Place): boolean {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  return (
    made.element.global_id === element &&
    made.place.kind === place.kind &&
    same(made.place.set, place.set) &&
    same(made.place.name, place.name)
  );
}

function writing(element: string, { kind, set, name }: Place, value: EditValue | undefined): Edit {
  return kind === "attribute"
    ? { op: "set_attribute", element, name, value: value ?? null }
    : { op: "set_property", element, set, name, value: value ?? null };
}

function restoring(element: string, { kind, set, name }: Place): Edit {
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
    notify("error", `${problem.title}. ${problem.message}`, problem.code);
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
