// Editing one value in its place: a number with its unit, a text, or yes or no.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

import { makeEdit } from "../app/editing";
import { factNow } from "../app/selection";
import { notify } from "../app/notices";
import { store } from "../app/store";
import { looksOnly } from "../app/team-state";
import type { EditValue, Place } from "../app/types";
import {
  convert,
  convertible,
  example,
  inUnit,
  parseQuantity,
  show,
  unitOf,
  unitsLike,
} from "../logic/units";
import { icon } from "./icons";

export interface Subject {
  /** Names the editor: only one is open at a time. */
  key: string;
  element: string;
  /** What is edited, for people. */
  title: string;
  /** The element that it is edited on, where that is not the one whose finding this is. */
  owner?: string | undefined;
  /** Path of the fact that is to follow from it, if it is one. */
  fact?: string | undefined;
  /** Where it may be written, best first. */
  places: readonly Place[];
  type: "number" | "text" | "boolean";
  /** As it is, in SI. */
  value?: EditValue | undefined;
  /** As it is, for people. */
  shown: string;
  /** It stands nowhere in the file: `inferred`, `derived`. */
  concluded?: string | undefined;
  /** Symbol of the SI unit. */
  unit?: string | undefined;
  /** Symbol of the unit that the code speaks in. */
  codeUnit?: string | undefined;
}

/** The button that opens the editor; nothing for who may look only. */
export function editButton(subject: Subject, missing = false): TemplateResult | typeof nothing {
  if (looksOnly(store.state.team)) return nothing;
  const open = store.state.editing === subject.key;
  const of = subject.owner === undefined ? "" : ` of ${subject.owner}`;
  const title = `${missing ? "Add a value for" : "Edit"} ${subject.title}${of}`;
  return html`<button
    type="button"
    class="button icon-only tiny"
    aria-label=${title}
    title=${title}
    aria-expanded=${open}
    data-edit=${subject.key}
    @click=${() => store.set({ editing: open ? undefined : subject.key })}
  >
    ${icon(missing ? "add" : "edit")}
  </button>`;
}

/** `Pset_DoorCommon.FireExit`, `attribute OverallWidth` */
export const placeText = ({ set, name, kind }: Place) =>
  kind === "attribute" ? `attribute ${name}` : set ? `${set}.${name}` : name;

/** Scrolls as little as is needed to see all of it. */
function seen(form: Element | null): void {
  form?.scrollIntoView({ block: "nearest" });
}

/** The editor, while it is open. */
export function editor(subject: Subject): TemplateResult | typeof nothing {
  if (store.state.editing !== subject.key || looksOnly(store.state.team)) return nothing;
  const stored = unitOf(subject.unit);
  const code = unitOf(subject.codeUnit ?? subject.unit);
  const first = convertible(code, stored) ? code : stored;
  const offered = [...unitsLike(first), ...(first.dimension === stored.dimension ? [] : unitsLike(stored))];
  const focus = (node: Element | undefined) => {
    if (!(node instanceof HTMLElement) || node.dataset["focused"]) return;
    node.dataset["focused"] = "yes";
    queueMicrotask(() => {
      node.focus();
      if (node instanceof HTMLInputElement) node.select();
      seen(node.closest("form"));
    });
  };
  const label = `${subject.title}, new value`;
  const value =
    subject.type === "boolean"
      ? html`<select name="value" aria-label=${label} ${ref(focus)}>
          <option value="true" ?selected=${subject.value === true}>yes</option>
          <option value="false" ?selected=${subject.value !== true}>no</option>
        </select>`
      : html`<input
          name="value"
          aria-label=${label}
          autocomplete="off"
          spellcheck="false"
          required
          ${ref(focus)}
          inputmode=${subject.type === "number" ? "text" : nothing}
          placeholder=${subject.type === "number" ? `as in ${example(first.symbol)}` : nothing}
          .value=${start(subject, first)}
        />`;
  const units =
    subject.type === "number" && first.symbol !== ""
      ? html`<select name="unit" aria-label="Unit" @change=${reword}>
          ${offered.map((unit) => html`<option value=${unit.symbol}>${unit.symbol}</option>`)}
        </select>`
      : nothing;
  return html`<form
    class="editor"
    @submit=${(event: SubmitEvent) => void submit(event, subject, first.symbol)}
    @keydown=${escape}
  >
    <div class="joined">
      ${value}${units}<button type="submit" class="button primary" ?disabled=${store.state.busy}>
        Apply
      </button>
    </div>
    ${
      subject.places.length > 1
        ? html`<label class="editor-place"
            >in
            <select name="place">
              ${subject.places.map((place, i) => html`<option value=${i}>${placeText(place)}</option>`)}
            </select></label
          >`
        : html`<span class="editor-place"
            >in
            ${placeText(subject.places[0]!)}${subject.owner === undefined ? nothing : html` of <b>${subject.owner}</b>`}</span
          >`
    }
    <p class="editor-error" role="alert"></p>
  </form>`;
}

function start(subject: Subject, unit: ReturnType<typeof unitOf>): string {
  if (subject.value === undefined) return "";
  if (typeof subject.value !== "number") return String(subject.value);
  return inUnit(convert(subject.value, unitOf(subject.unit), unit), unit);
}

/** Says the value in another unit, when one is chosen. */
function reword(event: Event): void {
  const select = event.target as HTMLSelectElement;
  const input = select.form?.elements.namedItem("value");
  if (!(input instanceof HTMLInputElement)) return;
  const before = unitOf(select.dataset["unit"] ?? select.options[0]!.value);
  const after = unitOf(select.value);
  const si = parseQuantity(input.value, before);
  select.dataset["unit"] = select.value;
  if (si !== undefined) input.value = inUnit(convert(si, before, after), after);
}

async function submit(event: SubmitEvent, subject: Subject, symbol: string): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const data = new FormData(form);
  const typed = String(data.get("value") ?? "");
  const unit = unitOf(String(data.get("unit") ?? symbol));
  let value: EditValue;
  let before = subject.shown;
  let after: string;
  if (subject.type === "number") {
    const si = parseQuantity(typed, unit);
    if (si === undefined) {
      form.querySelector(".editor-error")!.textContent =
        `“${typed}” is no ${unit.dimension}. Write a number, or one with its unit, as in ${example(unit.symbol)}.`;
      seen(form);
      return;
    }
    value = convert(si, unit, unitOf(subject.unit));
    after = show(si, unit);
    // Both in one unit, so that they can be compared.
    if (typeof subject.value === "number")
      before = show(convert(subject.value, unitOf(subject.unit), unit), unit);
  } else if (subject.type === "boolean") {
    value = typed === "true";
    after = value ? "yes" : "no";
  } else {
    value = typed;
    after = `“${typed}”`;
  }
  const place = subject.places[Number(data.get("place") ?? 0)] ?? subject.places[0]!;
  const made = await makeEdit({
    element: subject.element,
    place,
    value,
    before: subject.concluded ? `${before}, ${subject.concluded}` : before,
    after,
  });
  // Why not was said.
  if (!made) return;
  queueMicrotask(() =>
    document.querySelector<HTMLElement>(`[data-edit="${CSS.escape(subject.key)}"]`)?.focus(),
  );
  if (subject.fact !== undefined) await sayIfIgnored(subject, subject.fact, after);
}

/** A value may be written and not believed, or another source may count before it. */
async function sayIfIgnored({ element, title }: Subject, path: string, after: string): Promise<void> {
  const fact = await factNow(element, path);
  if (!fact || fact.provenance === "declared") return;
  notify(
    "error",
    fact.value === undefined
      ? `${after} was written, but ${title.toLowerCase()} is not known from it: ${fact.absent ?? "no reason is given"}.`
      : `${after} was written, but ${title.toLowerCase()} is ${fact.value} by ${fact.source ?? "another source"}.`,
  );
}

function escape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  const key = store.state.editing;
  store.set({ editing: undefined });
  queueMicrotask(() =>
    document.querySelector<HTMLElement>(`[data-edit="${CSS.escape(key ?? "")}"]`)?.focus(),
  );
}
