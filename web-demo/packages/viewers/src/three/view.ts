/** A ready view: renderer, camera, controls. Frames are drawn only when something changed. */
import {
  Box3,
  Color,
  PerspectiveCamera,
  Plane,
  Scene,
  Sphere,
  Spherical,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { Theme } from "../core/index.js";
import { between, Flight, poseFor } from "./fly.js";
import type { IfcMeshes, MeshSet } from "./meshes.js";
import { Picker, type MeshHit } from "./pick.js";

export interface ViewOptions {
  theme?: Theme;
  /** As CSS writes colours; `null`: transparent. */
  background?: string | null;
  /** Default: that of the screen, at most 2. */
  pixelRatio?: number;
  antialias?: boolean;
}

export interface FrameOptions {
  /** Milliseconds; default 450. At once under `prefers-reduced-motion`. */
  duration?: number;
  /** Space around the box: 1 is tight. */
  padding?: number;
  /** From the eye; default: as the camera looks now. */
  direction?: Vector3;
  /** Cuts away what stands in front of the box, until one goes away from it. */
  cutaway?: boolean;
}

export type Side = "home" | "top" | "front" | "back" | "left" | "right";

/** A plane through the model; what lies beyond `at` is cut away. */
export interface Section {
  /** `y` is height. */
  axis: "x" | "y" | "z";
  /** From 0 to 1 of the model's box. */
  at: number;
  /** Cuts away the other side. */
  flip?: boolean;
}

const DIRECTIONS: Readonly<Record<Side, readonly [number, number, number]>> = {
  home: [-0.62, -0.55, -0.66],
  top: [0, -1, -0.0001],
  front: [0, 0, -1],
  back: [0, 0, 1],
  left: [1, 0, 0],
  right: [-1, 0, 0],
};
const BACKGROUNDS: Readonly<Record<Theme, string>> = { light: "#eef0f2", dark: "#1b1e23" };
const LINES: Readonly<Record<Theme, [number, number, number, number]>> = {
  light: [0.1, 0.11, 0.13, 0.42],
  dark: [0.66, 0.7, 0.76, 0.4],
};
const CUTS: Readonly<Record<Theme, [number, number, number]>> = {
  light: [0.42, 0.45, 0.49],
  dark: [0.34, 0.37, 0.42],
};
const DURATION = 450;
/** A cutaway begins this many radii before the middle of what is looked at … */
const CUTAWAY_RADII = 1.3;
/** … and closes again while one goes from the first to the second of these times the distance. */
const CUTAWAY_ENDS = [1.5, 3] as const;
/** Radians, and parts of the distance, for each press of a key. */
const KEY_TURN = Math.PI / 24;
const KEY_PAN = 0.06;

export class IfcView {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(40, 1, 0.1, 1000);
  readonly renderer: WebGLRenderer;
  readonly controls: OrbitControls;
  /** Processor time of each frame that was drawn, in milliseconds. */
  onFrame: ((milliseconds: number) => void) | undefined;
  private readonly sets: MeshSet[] = [];
  private readonly watchers = new Set<(meshes: IfcMeshes) => void>();
  private readonly picker: Picker;
  private readonly flight = new Flight();
  private readonly observer: ResizeObserver;
  private section: Section | null = null;
  /** What stands nearer than `radius` before the target is seen; `part`: 1 when the camera has arrived. */
  private cutaway: { radius: number; distance: number; part: number } | undefined;
  private theme: Theme;
  private frameAsked = 0;
  private framed = false;
  private readonly redraw = () => this.draw();
  private readonly grown = () => {
    this.applySection();
    this.draw();
  };
  private readonly key = (event: KeyboardEvent) => this.onKey(event);
  private readonly stopFlight = () => this.flight.stop();

  constructor(
    readonly canvas: HTMLCanvasElement,
    options: ViewOptions = {},
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: options.antialias ?? true, alpha: true });
    this.renderer.setPixelRatio(options.pixelRatio ?? Math.min(globalThis.devicePixelRatio || 1, 2));
    this.picker = new Picker(this.renderer);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.zoomToCursor = true;
    this.controls.enableDamping = false;
    this.controls.minDistance = 0.2;
    this.controls.addEventListener("change", this.redraw);
    this.controls.addEventListener("start", this.stopFlight);
    this.camera.position.set(10, 8, 10);
    canvas.addEventListener("keydown", this.key);
    if (canvas.tabIndex < 0) canvas.tabIndex = 0;
    this.theme = options.theme ?? "light";
    this.setTheme(this.theme, options.background);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
    this.resize();
  }

  get meshes(): readonly IfcMeshes[] {
    return this.sets;
  }

  /** Adds a model; the first one is framed. */
  add(meshes: IfcMeshes): void {
    const set = meshes as MeshSet;
    if (this.sets.includes(set)) return;
    this.sets.push(set);
    this.scene.add(set.object);
    set.addEventListener("change", this.grown);
    this.applyTheme(set);
    this.applySection();
    for (const watcher of this.watchers) watcher(set);
    if (!this.framed && !this.box().isEmpty()) {
      this.framed = true;
      void this.look("home", { duration: 0 });
    }
    this.draw();
  }

  remove(meshes: IfcMeshes): void {
    const at = this.sets.indexOf(meshes as MeshSet);
    if (at < 0) return;
    this.sets.splice(at, 1);
    meshes.removeEventListener("change", this.grown);
    this.scene.remove(meshes.object);
    if (this.sets.length === 0) this.framed = false;
    this.draw();
  }

  /** Calls `watcher` for every model that is added from now on; answers with what ends that. */
  watch(watcher: (meshes: IfcMeshes) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Of all models. */
  box(): Box3 {
    return this.sets.reduce((box, set) => {
      set.object.updateWorldMatrix(true, false);
      return box.union(set.box.applyMatrix4(set.object.matrixWorld));
    }, new Box3());
  }

  /** Asks for one frame. */
  draw(): void {
    this.frameAsked ||= requestAnimationFrame(() => {
      this.frameAsked = 0;
      this.drawNow();
    });
  }

  /** Draws at once: for an image of the canvas, which must be read before the next frame. */
  drawNow(): void {
    const begin = performance.now();
    this.setDepthRange();
    this.renderer.render(this.scene, this.camera);
    this.onFrame?.(performance.now() - begin);
  }

  /** Brings a box (default: everything) into view. */
  frame(box: Box3 = this.box(), options: FrameOptions = {}): Promise<void> {
    if (box.isEmpty()) return Promise.resolve();
    const { camera, controls } = this;
    const direction = options.direction ?? controls.target.clone().sub(camera.position);
    const from = { position: camera.position.clone(), target: controls.target.clone() };
    const to = poseFor(box, camera, direction, options.padding ?? 1.12);
    const radius = box.getBoundingSphere(new Sphere()).radius * CUTAWAY_RADII;
    const distance = to.position.distanceTo(to.target);
    this.cutaway = undefined;
    return this.flight.start(options.duration ?? DURATION, (t) => {
      const pose = between(from, to, t);
      if (options.cutaway) this.cutaway = { radius, distance, part: t };
      camera.position.copy(pose.position);
      controls.target.copy(pose.target);
      controls.update();
      this.draw();
    });
  }

  look(side: Side, options: Omit<FrameOptions, "direction"> = {}): Promise<void> {
    return this.frame(this.box(), { ...options, direction: new Vector3(...DIRECTIONS[side]) });
  }

  setSection(section: Section | null): void {
    this.section = section;
    this.applySection();
    this.draw();
  }

  /** `background` as CSS writes it, `null`: transparent; left out: the theme's. */
  setTheme(theme: Theme, background: string | null = BACKGROUNDS[theme]): void {
    this.theme = theme;
    this.scene.background = background === null ? null : new Color(background);
    if (background === null) this.renderer.setClearColor(0, 0);
    for (const set of this.sets) this.applyTheme(set);
    this.draw();
  }

  /** What is under these client coordinates. */
  pick(clientX: number, clientY: number): Promise<MeshHit | undefined> {
    const area = this.canvas.getBoundingClientRect();
    const inside =
      clientX >= area.left && clientX < area.right && clientY >= area.top && clientY < area.bottom;
    if (!inside) return Promise.resolve(undefined);
    this.setDepthRange();
    this.camera.updateMatrixWorld();
    return this.picker.pick(this.sets, this.camera, area, clientX - area.left, clientY - area.top);
  }

  /** Client coordinates of the middle of an element's box; undefined when it is behind the camera. */
  project(globalId: string): { x: number; y: number } | undefined {
    for (const set of this.sets) {
      const box = set.boxOf(globalId);
      if (!box) continue;
      this.setDepthRange();
      this.camera.updateMatrixWorld();
      const point = box.getCenter(new Vector3()).applyMatrix4(set.object.matrixWorld).project(this.camera);
      if (point.z > 1) return undefined;
      const area = this.canvas.getBoundingClientRect();
      return {
        x: area.left + ((point.x + 1) / 2) * area.width,
        y: area.top + ((1 - point.y) / 2) * area.height,
      };
    }
    return undefined;
  }

  /** Ends the view and frees the graphics card; models that were added are disposed of too. */
  dispose(): void {
    cancelAnimationFrame(this.frameAsked);
    this.flight.stop();
    this.observer.disconnect();
    this.canvas.removeEventListener("keydown", this.key);
    for (const set of [...this.sets]) {
      this.remove(set);
      set.dispose();
    }
    cancelAnimationFrame(this.frameAsked);
    this.controls.dispose();
    this.picker.dispose();
    this.renderer.dispose();
    // Browsers keep some sixteen contexts; waiting for the collector would take one from a living view.
    this.renderer.forceContextLoss();
  }

  /** As narrow a range of depths as the models allow. */
  private setDepthRange(): void {
    const all = new Box3();
    for (const set of this.sets) all.union(set.fullBox.applyMatrix4(set.object.matrixWorld));
    if (all.isEmpty()) return;
    const { center, radius } = all.getBoundingSphere(new Sphere());
    const distance = this.camera.position.distanceTo(center);
    this.camera.far = Math.max(distance + radius * 1.05, 1);
    this.camera.near = Math.max(distance - radius * 1.05, this.camera.far / 20_000, this.nearestSeen(), 0.02);
    this.camera.updateProjectionMatrix();
  }

  private nearestSeen(): number {
    if (!this.cutaway) return 0;
    const { radius, distance, part } = this.cutaway;
    const now = this.camera.position.distanceTo(this.controls.target);
    const [open, closed] = CUTAWAY_ENDS;
    const left = Math.min(Math.max((closed - now / distance) / (closed - open), 0), 1);
    return (now - radius) * part * left;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    // Setting the size empties the canvas: drawn at once, it does not flicker.
    cancelAnimationFrame(this.frameAsked);
    this.frameAsked = 0;
    this.drawNow();
  }

  private applyTheme(set: MeshSet): void {
    const [red, green, blue, opacity] = LINES[this.theme];
    set.setColourOfLines([red, green, blue], opacity);
    set.setCut(this.section ? CUTS[this.theme] : null);
  }

  private applySection(): void {
    const box = this.box();
    for (const set of this.sets) set.setCut(this.section && !box.isEmpty() ? CUTS[this.theme] : null);
    if (!this.section || box.isEmpty()) {
      this.renderer.clippingPlanes = [];
      return;
    }
    const { axis, at, flip } = this.section;
    const place = box.min[axis] + (box.max[axis] - box.min[axis]) * at;
    const normal = new Vector3();
    normal[axis] = flip ? 1 : -1;
    this.renderer.clippingPlanes = [new Plane(normal, flip ? -place : place)];
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const turn: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const by = turn[event.key];
    if (by && event.shiftKey) this.pan(by[0], -by[1]);
    else if (by) this.turn(by[0] * KEY_TURN, by[1] * KEY_TURN, 1);
    else if (event.key === "+" || event.key === "=") this.turn(0, 0, 1 / 1.15);
    else if (event.key === "-") this.turn(0, 0, 1.15);
    else if (event.key === "Home") void this.look("home");
    else return;
    event.preventDefault();
  }

  private turn(around: number, over: number, closer: number): void {
    this.flight.stop();
    const { camera, controls } = this;
    const place = new Spherical().setFromVector3(camera.position.clone().sub(controls.target));
    place.theta += around;
    place.phi = Math.min(Math.max(place.phi + over, 0.01), Math.PI - 0.01);
    place.radius *= closer;
    camera.position.setFromSpherical(place).add(controls.target);
    controls.update();
    this.draw();
  }

  private pan(right: number, up: number): void {
    this.flight.stop();
    const { camera, controls } = this;
    const distance = camera.position.distanceTo(controls.target) * KEY_PAN;
    const by = new Vector3(right * distance, up * distance, 0).applyQuaternion(camera.quaternion);
    camera.position.add(by);
    controls.target.add(by);
    controls.update();
    this.draw();
  }
}

/** A view on a canvas, whose size it follows. */
export function createView(canvas: HTMLCanvasElement, options: ViewOptions = {}): IfcView {
  return new IfcView(canvas, options);
}
