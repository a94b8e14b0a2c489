// The model in 3D, loaded beside the check: its parts come from `@plancheck/viewers/three`, which is
// fetched only when a model is opened.

import type { Highlight, Picked } from "@plancheck/viewers/core";
import type { ElementsLike, IfcMeshes, IfcView } from "@plancheck/viewers/three";
import wasm from "web-ifc/web-ifc.wasm?url";

import { store, type Scene } from "./store";
import { isDark } from "./theme";
import type { Finding } from "./types";

let view: IfcView | undefined;
let meshes: IfcMeshes | undefined;
let marks: Highlight<Finding> | undefined;
let canvas: HTMLCanvasElement | undefined;
let elements: ElementsLike | undefined;
/** The findings that the colours show. */
let shown: readonly Finding[] = [];

const library = () => import("@plancheck/viewers/three");

/** The canvas that the view draws on; the panel makes it. */
export function setCanvas(element: HTMLCanvasElement): void {
  canvas = element;
}

export function getView(): IfcView | undefined {
  return view;
}

/** Calls after each frame that is drawn, so that what lies over the model follows it. */
export function followView(after: (() => void) | undefined): void {
  if (view) view.onFrame = after;
}

/** Fetches the 3D parts while the page is idle: the first model is then there sooner. */
export function prefetchScene(): void {
  void library().catch(() => undefined);
}

export function hasGeometryFormat(name: string): boolean {
  return !/\.json$/i.test(name);
}

export async function loadScene(file: Blob, name: string, signal: AbortSignal): Promise<void> {
  if (!hasGeometryFormat(name)) {
    store.set({ geometry: { done: 0, state: "failed", note: "Models in JSON have no shapes to draw." } });
    return;
  }
  store.set({ geometry: { done: 0, state: "running" } });
  try {
    const { createView, loadIfcMeshes } = await library();
    signal.throwIfAborted();
    if (!canvas) return;
    view ??= createView(canvas, { theme: isDark() ? "dark" : "light" });
    const loaded = await loadIfcMeshes(file, {
      wasm,
      signal,
      onProgress: ({ done, total }) => {
        if (!signal.aborted) store.set({ geometry: { done, total, state: "running" } });
      },
      onMeshes: (first) => {
        if (!signal.aborted) add(first);
      },
    });
    signal.throwIfAborted();
    if (loaded.stats.elements === 0) throw new Error("nothing in the file has a shape");
    add(loaded);
    if (elements) loaded.setElements(elements);
    home(0);
    await colour();
    store.set({ geometry: { done: 1, total: 1, state: "done" } });
    const { element } = store.state;
    if (element) showSelection(element, false);
  } catch (error) {
    if (signal.aborted) return;
    store.set({
      geometry: { done: 0, state: "failed", note: error instanceof Error ? error.message : String(error) },
      scene: { ...store.state.scene, shown: false },
    });
  }
}

function add(loaded: IfcMeshes): void {
  if (!view || meshes === loaded) return;
  meshes = loaded;
  view.add(loaded);
  store.set({ scene: { ...store.state.scene, shown: true } });
}

export function clearScene(): void {
  marks?.dispose();
  marks = undefined;
  if (meshes) {
    view?.remove(meshes);
    meshes.dispose();
  }
  view?.setSection(null);
  meshes = undefined;
  elements = undefined;
  shown = [];
}

/** Which records are which elements: known once the engine has read the model. */
export function showElements(list: ElementsLike): void {
  elements = list;
  meshes?.setElements(list);
  if (store.state.element === undefined) home(0);
  void colour();
}

let asked = false;

/** Colours elements by their worst finding of these; after the next frame, so that lists are painted first. */
export function showFindings(findings: readonly Finding[]): void {
  shown = findings;
  if (asked) return;
  asked = true;
  requestAnimationFrame(() =>
    setTimeout(() => {
      asked = false;
      void colour();
    }),
  );
}

async function colour(): Promise<void> {
  if (!view || !meshes) return;
  if (marks) {
    await marks.replace(drawn());
    return;
  }
  const { highlight } = await library();
  if (!view || !meshes || marks) return;
  marks = highlight(view, drawn(), options());
}

/** The findings that give colours. */
function drawn(): readonly Finding[] {
  if (store.state.scene.spaces !== "failing") return shown;
  return shown.filter(({ verdict, element }) => verdict === "fail" || element.class !== "IfcSpace");
}

/** A lighter grey than the library's: most of the model is to stay in the background. */
const neutral = { light: "#eceff3", dark: "#6a727d" } as const;

function options() {
  const theme = isDark() ? "dark" : "light";
  const { others, section } = store.state.scene;
  // Faces of a cut can be read only where nothing shows through: translucent bodies are grey for as long.
  const drawn = section && others === "ghost" ? "fade" : others;
  return { theme, others: drawn, palette: { neutral: neutral[theme] } } as const;
}

export function showSelection(globalId: string | undefined, still: boolean): void {
  if (!marks) return;
  void marks.select(globalId ?? null);
  if (store.state.scene.isolated) void marks.isolate(globalId ? [globalId] : null);
  if (globalId && !still) void marks.flyTo(globalId, { padding: isWhole(globalId) ? 1.4 : 4.5 });
}

/** Most of the model: there is nothing around it that would say where it is. */
function isWhole(globalId: string): boolean {
  const ifc = elements?.elements.find((row) => row.global_id === globalId)?.class ?? "";
  return /^Ifc(Project|Site|Building|BuildingStorey)$/.test(ifc);
}

export function frameSelection(): void {
  const { element } = store.state;
  if (element && marks) void marks.flyTo(element, { padding: 1.6 });
  else void view?.frame();
}

export function home(duration?: number): void {
  if (!view) return;
  const direction = view.controls.target.clone().set(...HOME);
  const box = meshes?.boxOf(building());
  void view.frame(box?.isEmpty() ? undefined : box, {
    direction,
    ...(duration === undefined ? {} : { duration }),
  });
}

/** From the south-east, as the library looks at whole models. */
const HOME = [-0.62, -0.55, -0.66] as const;

/** All elements but the land around, which would push the building out of the centre. */
function building(): string[] {
  const apart = /^Ifc(Project|Site|Building|BuildingStorey|Space|GeographicElement|Annotation|Grid)$/;
  const rows = elements?.elements.filter((row) => !apart.test(row.class) && meshes?.has(row.global_id)) ?? [];
  return rows.map((row) => row.global_id);
}

export function hasShape(globalId: string): boolean {
  return meshes?.has(globalId) ?? false;
}

export function changeScene(change: Partial<Scene>): void {
  const before = store.state.scene;
  const scene = { ...before, ...change };
  store.set({ scene });
  if ("storey" in change) meshes?.setStoreys(scene.storey === undefined ? null : [scene.storey]);
  if ("section" in change) view?.setSection(scene.section ?? null);
  if ("section" in change && (before.section === undefined) !== (scene.section === undefined))
    void marks?.setOptions(options());
  if ("spaces" in change) {
    meshes?.setSpaces(scene.spaces === "failing" ? "findings" : scene.spaces);
    void colour();
  }
  if ("others" in change) void marks?.setOptions(options());
  if ("isolated" in change) {
    const { element } = store.state;
    void marks?.isolate(scene.isolated && element ? [element] : null);
  }
  view?.draw();
}

export function themeScene(): void {
  view?.setTheme(isDark() ? "dark" : "light");
  void marks?.setOptions(options());
}

/** What lies under the pointer, with its findings, the worst first. */
export async function pickAt(x: number, y: number): Promise<Picked<Finding> | undefined> {
  return marks?.pick(x, y);
}
