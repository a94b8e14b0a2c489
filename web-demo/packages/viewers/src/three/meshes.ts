/** One loaded model in the scene: batches, looks, what is visible. */
import {
  Box3,
  BufferAttribute,
  BufferGeometry,
  EventDispatcher,
  Group,
  LineSegments,
  LOD,
  Mesh,
  Scene,
  Sphere,
  Vector3,
  Vector4,
  type Camera,
  type Object3D,
} from "three";
import type { ElementsLike, Level, Style } from "../core/index.js";
import { mainBox } from "./boxes.js";
import { Elements } from "./elements.js";
import { Looks, type Spaces } from "./looks.js";
import { Materials, ORDER } from "./materials.js";
import { PlacedShape, viewOf } from "./placed.js";
import type { BatchMessage, DoneMessage, ElementsMessage, LinesMessage, ShapeMessage } from "./protocol.js";
import { Selection } from "./selection.js";
import { Visibility } from "./visibility.js";

export interface MeshStatistics {
  /** Elements with geometry. */
  elements: number;
  vertices: number;
  /** As drawn in full: a shape counts in each of its places. */
  triangles: number;
  drawCalls: number;
  /** In the buffers of the graphics card. */
  bytes: number;
  milliseconds: { open: number; geometry: number; total: number };
}

/** What `loadIfcMeshes` makes: a model in few draw calls whose elements can be coloured, hidden and picked. */
export interface IfcMeshes {
  /** To add to a scene. Metres, Y up, near the origin whatever coordinates the file uses. */
  readonly object: Group;
  /** Where the object's (0, 0, 0) lies in the file's coordinates, in metres, Y up. */
  readonly origin: Vector3;
  /** Of the building: without terrain, and without what lies far off by mistake. */
  readonly box: Box3;
  readonly stats: Readonly<MeshStatistics>;
  /** Who is who, when it was not known yet at loading: names, storeys, parts and wholes. */
  setElements(elements: ElementsLike): void;
  /** Whether there is something to see: its own geometry, or that of its parts or of what stands in it. */
  has(globalId: string): boolean;
  /** Of all that has geometry. */
  globalIds(): string[];
  boxOf(globalIds: string | Iterable<string>): Box3 | undefined;
  /** Shows only what is in these storeys, and what is in none; `null`: everything. */
  setStoreys(globalIds: Iterable<string> | null): void;
  /** Shows or hides elements by IFC class, as in `["IfcSlab", "IfcRoof"]`. */
  setClasses(classes: Iterable<string>, visible: boolean): void;
  /** Hides these; `null`: none. */
  setHidden(globalIds: Iterable<string> | null): void;
  /** When volumes of spaces are drawn; `findings` (default): where they carry a colour. */
  setSpaces(mode: Spaces): void;
  setEdges(visible: boolean): void;
  addEventListener(type: "change", listener: () => void): void;
  removeEventListener(type: "change", listener: () => void): void;
  dispose(): void;
}

/** Asks the model before its children are drawn; LOD is the one object that three.js asks. */
class Detail extends LOD {
  constructor(private readonly before: (camera: Camera) => void) {
    super();
  }
  override update(camera: Camera): void {
    this.before(camera);
  }
}

export class MeshSet extends EventDispatcher<{ change: object }> implements IfcMeshes {
  readonly object = new Group();
  readonly origin = new Vector3();
  readonly elements = new Elements();
  readonly stats: MeshStatistics = {
    elements: 0,
    vertices: 0,
    triangles: 0,
    drawCalls: 0,
    bytes: 0,
    milliseconds: { open: 0, geometry: 0, total: 0 },
  };
  /** Drawn into the buffer of numbers when something is picked. */
  readonly picking = { scene: new Scene(), root: new Group(), spaces: new Group(), solids: new Group() };
  readonly materials = new Materials();
  private readonly looks = new Looks();
  private readonly detail = new Detail((camera) => this.chooseDetail(camera));
  private readonly ghosts = new Group();
  private readonly lines = new Group();
  private readonly shapes: PlacedShape[] = [];
  private readonly geometries: BufferGeometry[] = [];
  private readonly boxes: number[] = [];
  private readonly visibility = new Visibility(this.elements, this.looks);
  private readonly selection = new Selection(this.materials, this.shapes);
  private levels: ReadonlyMap<string, Level> = new Map();
  private selected: readonly string[] = [];
  private mainBox: Box3 | undefined;
  private outerBox: Box3 | undefined;
  private announced = false;

  constructor() {
    super();
    this.object.name = "IFC";
    this.object.add(this.detail);
    this.detail.add(this.lines, this.ghosts, this.selection.object);
    this.ghosts.visible = false;
    this.picking.root.matrixAutoUpdate = false;
    this.picking.root.add(this.picking.solids, this.picking.spaces);
    this.picking.scene.add(this.picking.root);
    this.looks.grow(1);
    this.materials.uniforms.looks.value = this.looks.texture;
  }

  get box(): Box3 {
    this.mainBox ??= mainBox(this.boxes, this.elements.classes);
    return this.mainBox.clone();
  }

  /** Of everything, also of what lies far off. */
  get fullBox(): Box3 {
    if (!this.outerBox) {
      this.outerBox = new Box3();
      const corner = new Vector3();
      for (let at = 0; at < this.boxes.length; at += 3) {
        if (Number.isFinite(this.boxes[at]!)) this.outerBox.expandByPoint(corner.fromArray(this.boxes, at));
      }
    }
    return this.outerBox.clone();
  }

  // ── what the worker sends ──

  addElements(message: ElementsMessage): void {
    const first = this.elements.count;
    message.records.forEach((record, i) =>
      this.elements.add(record, message.globalIds[i] ?? "", message.classes[i] ?? ""),
    );
    for (const value of message.boxes) this.boxes.push(value);
    this.mainBox = this.outerBox = undefined;
    if (this.looks.grow(this.elements.count)) this.materials.uniforms.looks.value = this.looks.texture;
    for (let number = first; number < this.elements.count; number++) {
      if (/^Ifc(Space|SpatialZone)$/.test(this.elements.classes[number]!)) this.looks.setSpace(number);
    }
    this.stats.elements = this.elements.count;
    this.review(first);
  }

  addBatch(message: BatchMessage): void {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(message.position, 3));
    geometry.setAttribute("normal", new BufferAttribute(message.normal, 4, true));
    geometry.setAttribute("tint", new BufferAttribute(message.tint, 4, true));
    geometry.setAttribute("element", new BufferAttribute(message.element, 1));
    geometry.setIndex(new BufferAttribute(message.index, 1));
    this.bound(geometry);
    const mesh = this.mesh(geometry, "surface", message.kind);
    if (message.kind !== "solid") mesh.renderOrder = ORDER[message.kind];
    this.detail.add(mesh);
    const ghost = this.mesh(geometry, "ghost", message.kind);
    ghost.renderOrder = ORDER.ghost;
    if (message.kind !== "space") this.ghosts.add(ghost);
    this.pickGroup(message.kind).add(this.mesh(geometry, "pick", message.kind));
    this.selection.addBatch(geometry, message);
    this.stats.vertices += message.element.length;
    this.stats.triangles += message.index.length / 3;
    this.stats.drawCalls += 1;
    this.stats.bytes += message.element.length * 24 + message.index.byteLength;
    this.changed();
  }

  addLines(message: LinesMessage): void {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(message.position, 3));
    geometry.setAttribute("element", new BufferAttribute(message.element, 1));
    this.bound(geometry);
    const lines = new LineSegments(geometry, this.materials.get("lines", "solid", false));
    lines.renderOrder = ORDER.lines;
    lines.raycast = () => {};
    this.lines.add(lines);
    this.selection.addLines(geometry, message);
    this.stats.drawCalls += 1;
    this.stats.bytes += message.element.length * 16;
    this.changed();
  }

  addShape(message: ShapeMessage): void {
    const shape = new PlacedShape(message, this.materials);
    this.shapes.push(shape);
    this.detail.add(...shape.objects("surface"));
    if (message.kind !== "space") this.ghosts.add(...shape.objects("ghost"));
    this.pickGroup(message.kind).add(...shape.objects("pick"));
    this.stats.vertices += message.position.length / 3;
    this.stats.triangles += shape.triangles;
    this.stats.drawCalls += 1 + message.coarse.length;
    this.stats.bytes += shape.bytes;
    this.changed();
  }

  finish({ origin, milliseconds }: DoneMessage, total: number): void {
    this.origin.set(...origin);
    this.stats.milliseconds = { ...milliseconds, total };
    this.changed();
  }

  // ── what the adapter says ──

  setStyle(style: Style): void {
    this.materials.setPalette(style.palette);
    this.looks.setStyle(style);
    this.ghosts.visible = this.looks.hasGhosts();
    this.changed();
  }

  /** `levels` of all elements; the look of `changed` and of their parts is made anew, or of all. */
  setLevels(levels: ReadonlyMap<string, Level>, changed?: Iterable<string>): void {
    this.levels = levels;
    if (changed === undefined) {
      for (let number = 0; number < this.elements.count; number++) this.judge(number);
    } else {
      for (const globalId of changed) for (const number of this.shows(globalId)) this.judge(number);
    }
    this.changed();
  }

  select(globalIds: readonly string[]): void {
    for (const number of this.elements.visible(this.selected)) this.looks.setSelected(number, false);
    this.selected = globalIds;
    for (const number of this.elements.visible(globalIds)) this.looks.setSelected(number, true);
    this.selection.show(this.elements.visible(globalIds));
    this.changed();
  }

  isolate(globalIds: ReadonlySet<string> | null): void {
    this.visibility.isolate(globalIds);
    this.changed();
  }

  /** The element of a number from the buffer of numbers. */
  describe(number: number): { globalId?: string; record: number; class: string } {
    const globalId = this.elements.globalIds[number];
    const record = this.elements.records[number]!;
    const described = { record, class: this.elements.classes[number]! };
    return globalId === undefined ? described : { globalId, ...described };
  }

  // These two are called by the view, which draws itself afterwards.

  setCut(colour: [number, number, number] | null): void {
    this.materials.uniforms.cut.value.copy(colour ? new Vector4(...colour, 1) : new Vector4(0, 0, 0, 0));
  }

  setColourOfLines(colour: [number, number, number], opacity: number): void {
    this.materials.uniforms.colourOfLines.value.setRGB(...colour);
    this.materials.uniforms.opacityOfLines.value = opacity;
  }

  // ── IfcMeshes ──

  setElements(elements: ElementsLike): void {
    this.elements.set(elements);
    this.review();
  }

  has(globalId: string): boolean {
    return this.elements.wholes.visible(globalId).length > 0;
  }

  globalIds(): string[] {
    return [...new Set(this.elements.globalIds.filter((globalId) => globalId !== undefined))];
  }

  boxOf(globalIds: string | Iterable<string>): Box3 | undefined {
    const box = new Box3();
    const corner = new Vector3();
    for (const number of this.elements.visible(typeof globalIds === "string" ? [globalIds] : globalIds)) {
      box.expandByPoint(corner.fromArray(this.boxes, number * 6));
      box.expandByPoint(corner.fromArray(this.boxes, number * 6 + 3));
    }
    return box.isEmpty() ? undefined : box;
  }

  setStoreys(globalIds: Iterable<string> | null): void {
    this.visibility.setStoreys(globalIds);
    this.changed();
  }

  setClasses(classes: Iterable<string>, visible: boolean): void {
    this.visibility.setClasses(classes, visible);
    this.changed();
  }

  setHidden(globalIds: Iterable<string> | null): void {
    this.visibility.setHidden(globalIds);
    this.changed();
  }

  setSpaces(mode: Spaces): void {
    this.looks.setSpaces(mode);
    this.changed();
  }

  setEdges(visible: boolean): void {
    this.lines.visible = visible;
    this.changed();
  }

  dispose(): void {
    this.object.removeFromParent();
    this.selection.dispose();
    for (const shape of this.shapes) shape.dispose();
    for (const geometry of this.geometries) geometry.dispose();
    this.materials.dispose();
    this.looks.dispose();
    this.object.clear();
    this.picking.scene.clear();
    this.shapes.length = this.geometries.length = this.boxes.length = 0;
  }

  // ── inside ──

  private *shows(globalId: string): Generator<number> {
    for (const part of this.elements.wholes.shows(globalId)) yield* this.elements.own(part);
  }

  /** New elements (from a number on) or new names: everything that was said before holds for them too. */
  private review(from = 0): void {
    for (let number = from; number < this.elements.count; number++) this.judge(number);
    this.visibility.apply(from);
    if (this.selected.length > 0) this.select(this.selected);
    this.changed();
  }

  private judge(number: number): void {
    const globalId = this.elements.globalIds[number];
    const level = globalId === undefined ? undefined : this.elements.wholes.level(globalId, this.levels);
    this.looks.setLevel(number, level);
  }

  private bound(geometry: BufferGeometry): void {
    this.geometries.push(geometry);
    geometry.computeBoundingBox();
    geometry.boundingSphere = geometry.boundingBox!.getBoundingSphere(new Sphere());
  }

  private mesh(
    geometry: BufferGeometry,
    pass: "surface" | "ghost" | "pick",
    kind: BatchMessage["kind"],
  ): Mesh {
    const mesh = new Mesh(geometry, this.materials.get(pass, kind, false));
    // A ray would also hit what is hidden; `pick` does not.
    mesh.raycast = () => {};
    return mesh;
  }

  private pickGroup(kind: BatchMessage["kind"]): Object3D {
    return kind === "space" ? this.picking.spaces : this.picking.solids;
  }

  private chooseDetail(camera: Camera): void {
    if (this.shapes.length === 0) return;
    const { frustum, eye, focal } = viewOf(camera, this.object);
    for (const shape of this.shapes) shape.choose(frustum, eye, focal);
  }

  /** Tells listeners once for everything that changes in one go. */
  private changed(): void {
    if (this.announced) return;
    this.announced = true;
    queueMicrotask(() => {
      this.announced = false;
      this.dispatchEvent({ type: "change" });
    });
  }
}
