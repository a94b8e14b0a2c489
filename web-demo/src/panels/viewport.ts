// The model in 3D with its tools, and how far loading has come.

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

import { cancel } from "../app/opening";
import { changeScene, frameSelection, hasGeometryFormat, home, pickAt, setCanvas } from "../app/scene";
import { deselect, select } from "../app/selection";
import { isOpen, type Progress, type Scene, type State } from "../app/store";
import { size } from "../logic/wording";
import { icon } from "../parts/icons";
import { menu } from "../parts/menu";
import { panel } from "../parts/panel";
import { teamMarks } from "./team-marks";

export function mountViewport(): void {
  panel(
    "viewport",
    [
      "stage",
      "scene",
      "geometry",
      "reading",
      "checking",
      "storeys",
      "element",
      "report",
      "loadingName",
      "model",
      "filters",
      "team",
    ],
    viewport,
    isOpen,
  );
}

const canvasRef = ref((node) => {
  if (node instanceof HTMLCanvasElement) setCanvas(node);
});

/** Where the pointer went down: a click picks, a drag turns the model. */
let down: { x: number; y: number } | undefined;

function viewport(state: State): TemplateResult {
  const failed = state.geometry.state === "failed";
  return html`
    <canvas
      class="canvas"
      tabindex="0"
      aria-label="Model in 3D. Arrow keys turn it, shift and arrow keys move it, plus and minus zoom, Home shows all."
      ?hidden=${failed}
      ${canvasRef}
      @pointerdown=${press}
      @pointerup=${release}
    ></canvas>
    ${state.scene.shown && !failed ? html`${tools(state)} ${legend()} ${sectionBar(state.scene)} ${teamMarks(state)}` : nothing}
    ${failed ? noGeometry(state) : nothing}
    ${state.stage === "loading" ? loading(state) : stillDrawing(state)}
  `;
}

function press(event: PointerEvent): void {
  down = event.button === 0 ? { x: event.clientX, y: event.clientY } : undefined;
}

function release(event: PointerEvent): void {
  if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > 4) return;
  down = undefined;
  void pick(event.clientX, event.clientY);
}

async function pick(x: number, y: number): Promise<void> {
  const picked = await pickAt(x, y);
  if (!picked?.globalId) return deselect();
  const worst = picked.findings[0];
  await select({ finding: worst?.id, element: picked.globalId, reveal: worst !== undefined, still: true });
}

function tools(state: State): TemplateResult {
  const { scene } = state;
  const none = state.element === undefined;
  const button = (
    name: Parameters<typeof icon>[0],
    title: string,
    act: () => void,
    pressed?: boolean,
    disabled = false,
  ) =>
    html`<button
      type="button"
      class="button icon-only"
      title=${title}
      aria-label=${title}
      aria-pressed=${pressed ?? nothing}
      ?disabled=${disabled}
      @click=${act}
    >
      ${icon(name)}
    </button>`;
  const storey = state.storeys.find((candidate) => candidate.global_id === scene.storey);
  return html`<div class="view-tools" role="toolbar" aria-label="View">
    <div class="button-group">
      ${button("home", "Show all (Home)", home)}
      ${button("frame", "Frame the selection (F)", frameSelection, undefined, none)}
      ${button("isolate", "Show the selection alone (I)", () => changeScene({ isolated: !scene.isolated }), scene.isolated, none && !scene.isolated)}
    </div>
    ${menu({
      id: "menu-storey",
      title: "Storeys",
      className: storey ? "active" : "",
      label: html`${icon("storeys")}<span>${storey?.name ?? "All storeys"}</span>${icon("down", "faint")}`,
      disabled: state.storeys.length === 0,
      content: () => storeyMenu(state),
    })}
    <div class="button-group">
      ${button("section", "Cut the model (X)", () => changeScene({ section: scene.section ? undefined : { axis: "y", at: 0.6, flip: false } }), scene.section !== undefined)}
      ${menu({ id: "menu-display", title: "Display", iconOnly: true, label: icon("eye"), content: () => displayMenu(scene) })}
    </div>
  </div>`;
}

function storeyMenu({ storeys, scene }: State): TemplateResult {
  const option = (id: string | undefined, name: string, elevation?: number) =>
    html`<button
      type="button"
      class="menu-item"
      role="radio"
      aria-checked=${scene.storey === id}
      @click=${() => changeScene({ storey: id })}
    >
      <span class="tick">${scene.storey === id ? icon("check") : nothing}</span>${name}
      ${elevation === undefined ? nothing : html`<span class="aside">${elevation.toFixed(2)} m</span>`}
    </button>`;
  return html`<div role="radiogroup" aria-label="Storey">
    ${option(undefined, "All storeys")}
    ${storeys.map((storey) => option(storey.global_id, storey.name, storey.elevation))}
  </div>`;
}

function displayMenu(scene: Scene): TemplateResult {
  const select = <Key extends "others" | "spaces">(
    key: Key,
    label: string,
    options: [Scene[Key], string][],
  ) =>
    html`<label class="field"
      ><span>${label}</span>
      <select
        @change=${(event: Event) => changeScene({ [key]: (event.target as HTMLSelectElement).value } as Partial<Scene>)}
      >
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${scene[key] === value}>${text}</option>`)}
      </select></label
    >`;
  return html`<div class="fields">
    ${select("others", "Without findings", [
      ["ghost", "Translucent"],
      ["fade", "Grey"],
      ["keep", "Own colours"],
    ])}
    ${select("spaces", "Rooms", [
      ["failing", "That fail"],
      ["findings", "With findings"],
      ["always", "All"],
      ["never", "None"],
    ])}
  </div>`;
}

function legend(): TemplateResult {
  return html`<ul class="legend" aria-label="Colours">
    <li><i class="fill-fail"></i>fails</li>
    <li><i class="fill-warning"></i>fails, warning</li>
    <li><i class="fill-undetermined"></i>undetermined</li>
  </ul>`;
}

const axes = [
  { axis: "y", name: "Height" },
  { axis: "x", name: "Length" },
  { axis: "z", name: "Depth" },
] as const;

function sectionBar({ section }: Scene): TemplateResult | typeof nothing {
  if (!section) return nothing;
  return html`<div class="section-bar" role="group" aria-label="Section plane">
    <div class="button-group" role="group" aria-label="Direction">
      ${axes.map(({ axis, name }) => html`<button type="button" class="button" aria-pressed=${section.axis === axis} @click=${() => changeScene({ section: { ...section, axis } })}>${name}</button>`)}
    </div>
    <input
      type="range"
      min="0"
      max="1"
      step="0.005"
      aria-label="Position of the section plane"
      .value=${String(section.at)}
      @input=${(event: Event) => changeScene({ section: { ...section, at: Number((event.target as HTMLInputElement).value) } })}
    />
    <button
      type="button"
      class="button"
      aria-pressed=${section.flip}
      @click=${() => changeScene({ section: { ...section, flip: !section.flip } })}
    >
      Flip
    </button>
    <button
      type="button"
      class="button icon-only"
      aria-label="End the section"
      title="End the section (X)"
      @click=${() => changeScene({ section: undefined })}
    >
      ${icon("close")}
    </button>
  </div>`;
}

function noGeometry(state: State): TemplateResult {
  const json = !hasGeometryFormat(state.model?.name ?? state.loadingName ?? "");
  return html`<div class="no-geometry">
    ${icon("cube", "huge")}
    <p class="empty-title">There is nothing to draw</p>
    <p>
      ${json ? "Models in Plancheck’s JSON form have no shapes." : "No shapes could be read from this file."}
      Everything else works: findings, details, edits, and the report.
    </p>
    ${json ? nothing : html`<p class="hint">${state.geometry.note ?? ""}</p>`}
  </div>`;
}

function stillDrawing(state: State): TemplateResult | typeof nothing {
  if (state.geometry.state !== "running") return nothing;
  return html`<div class="still-drawing">${bar("Drawing the model", state.geometry)}</div>`;
}

function loading(state: State): TemplateResult {
  return html`<div class="progress-card" role="group" aria-label="Progress">
    <p class="progress-title">${icon("document")}<span>${state.loadingName}</span></p>
    ${bar("Reading", state.reading, bytesText(state.reading))} ${bar("Geometry", state.geometry)}
    ${bar("Checking", state.checking, rulesText(state.checking))}
    <button type="button" class="button" @click=${cancel}>Cancel</button>
  </div>`;
}

function rulesText({ done, total, state }: Progress): string {
  return state === "running" && total ? `${done} of ${total}` : "";
}

function bar(label: string, progress: Progress, text = ""): TemplateResult {
  const { state, done, total } = progress;
  const value = state === "done" ? 1 : state === "running" && total ? done / total : undefined;
  const words = {
    waiting: "",
    running: text || (value === undefined ? "" : `${Math.floor(value * 100)} %`),
    done: "done",
    failed: "none",
  }[state];
  return html`<div class="bar ${state}">
    <span class="bar-label">${label}</span><span class="bar-text">${words}</span>
    ${
      value === undefined && state === "running"
        ? html`<progress aria-label=${label}></progress>`
        : html`<progress aria-label=${label} max="1" .value=${value ?? 0}></progress>`
    }
  </div>`;
}

function bytesText({ done, total, state }: Progress): string {
  return state === "running" && total && total > 1 ? `${size(done)} of ${size(total)}` : "";
}
