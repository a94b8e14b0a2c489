/** Packs placed shapes into few large batches, and shapes that stand in many places into one each. */
import { tintOf } from "./tint.js";
import { bytes, floats, signedBytes, words } from "./growing.js";
import { KINDS, type Kind, type Message } from "./protocol.js";
import type { Shape } from "./shape.js";

/**
 * Vertices that one shape may take up in batches. A chair of 14 000 vertices in 340 places would fill gigabytes:
 * what is larger, alone or in all its places, has one copy of its vertices, and coarser versions for when it is
 * small on the screen. That costs up to three draw calls.
 */
const MOST_COPIED = 6000;
/** The first batches are small, so that something is seen early; each next one may be twice as large. */
const FIRST_BATCH = 16_384;
const LARGEST_BATCH = 1 << 20;

/** What stands around in a building: where it is finely shaped, lines would only blacken it. */
const FURNISHINGS =
  /^Ifc(Furni|SystemFurniture|BuildingElementProxy|.*Terminal|Electric|Geographic|Sanitary)/;
const MOST_TRIANGLES_FOR_THEIR_EDGES = 100;

const SPACE_CLASSES = new Set(["IfcSpace", "IfcSpatialZone"]);

interface Described {
  globalId: string;
  class: string;
}

class Batch {
  position = floats();
  normal = signedBytes();
  tint = bytes();
  element = words();
  index = words();
  runs = words();
  limit = FIRST_BATCH;
}

class Lines {
  position = floats();
  element = words();
  runs = words();
  limit = FIRST_BATCH;
}

/** The places of one shape beyond those that were copied. */
class Places {
  matrix = floats();
  tint = bytes();
  element = words();

  constructor(
    readonly shape: Shape,
    readonly kind: Kind,
  ) {}
}

export class Packer {
  private readonly numbers = new Map<number, number>();
  private readonly spaces: boolean[] = [];
  private readonly classes: string[] = [];
  private records = words();
  private boxes = floats();
  private globalIds: string[] = [];
  private told = 0;
  private readonly batches = new Map<Kind, Batch>(KINDS.map((kind) => [kind, new Batch()]));
  private readonly lines = new Lines();
  private readonly copied = new Map<Shape, number>();
  private readonly places = new Map<Shape, Map<Kind, Places>>();

  constructor(
    private readonly emit: (message: Message) => void,
    private readonly edges: boolean,
  ) {}

  /** The element's number. */
  element(record: number, describe: () => Described): number {
    const known = this.numbers.get(record);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    const { globalId, class: name } = describe();
    this.numbers.set(record, number);
    this.records.push(record);
    this.globalIds.push(globalId);
    this.classes.push(name);
    this.spaces.push(SPACE_CLASSES.has(name));
    this.boxes.push(Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity);
    return number;
  }

  /** `matrix`: 4 × 4 by columns. `colour`: red, green, blue, opacity, each from 0 to 1. */
  add(element: number, shape: Shape, matrix: number[], colour: readonly number[]): void {
    const tint = tintOf(this.classes[element]!, colour);
    const kind: Kind = this.spaces[element] ? "space" : tint[3]! < 250 ? "glass" : "solid";
    const copied = this.copied.get(shape) ?? 0;
    if (copied + shape.vertices > MOST_COPIED) {
      this.place(element, shape, kind, matrix, tint);
    } else {
      this.copied.set(shape, copied + shape.vertices);
      this.copy(element, shape, kind, matrix, tint);
    }
  }

  /** Sends what is full. Call between elements: an element's box is complete when it is told. */
  flush(all = false): void {
    for (const [kind, batch] of this.batches) {
      const vertices = batch.element.length;
      if (vertices > 0 && (all || vertices >= batch.limit)) this.sendBatch(kind, batch);
    }
    const lines = this.lines;
    if (lines.element.length > 0 && (all || lines.element.length >= lines.limit)) {
      this.tellElements();
      lines.limit = Math.min(lines.limit * 2, LARGEST_BATCH);
      this.emit({
        type: "lines",
        position: lines.position.take(),
        element: lines.element.take(),
        runs: lines.runs.take(),
      });
    }
  }

  finish(): void {
    this.flush(true);
    this.tellElements();
    for (const kinds of this.places.values()) for (const places of kinds.values()) this.sendShape(places);
  }

  private sendBatch(kind: Kind, batch: Batch): void {
    this.tellElements();
    batch.limit = Math.min(batch.limit * 2, LARGEST_BATCH);
    this.emit({
      type: "batch",
      kind,
      position: batch.position.take(),
      normal: batch.normal.take(),
      tint: batch.tint.take(),
      element: batch.element.take(),
      index: batch.index.take(),
      runs: batch.runs.take(),
    });
  }

  private sendShape({ shape, kind, matrix, tint, element }: Places): void {
    this.emit({
      type: "shape",
      kind,
      // Copies: a shape may be sent for two kinds.
      position: shape.position.slice(),
      normal: shape.normal.slice(),
      index: shape.index.slice(),
      coarse: shape.coarse(),
      places: matrix.take(),
      tint: tint.take(),
      element: element.take(),
    });
  }

  private tellElements(): void {
    if (this.told === this.numbers.size) return;
    const classes = this.classes.slice(this.told);
    this.told = this.numbers.size;
    const globalIds = this.globalIds;
    this.globalIds = [];
    this.emit({
      type: "elements",
      records: this.records.data.slice(this.told - classes.length, this.told),
      globalIds,
      classes,
      boxes: this.boxes.data.slice((this.told - classes.length) * 6, this.told * 6),
    });
  }

  private place(element: number, shape: Shape, kind: Kind, m: number[], tint: readonly number[]): void {
    let kinds = this.places.get(shape);
    if (!kinds) this.places.set(shape, (kinds = new Map()));
    let places = kinds.get(kind);
    if (!places) kinds.set(kind, (places = new Places(shape, kind)));
    for (let row = 0; row < 3; row++) places.matrix.push(m[row]!, m[row + 4]!, m[row + 8]!, m[row + 12]!);
    places.tint.push(...tint);
    places.element.push(element);
    for (let corner = 0; corner < 8; corner++) {
      const x = corner & 1 ? shape.high[0] : shape.low[0];
      const y = corner & 2 ? shape.high[1] : shape.low[1];
      const z = corner & 4 ? shape.high[2] : shape.low[2];
      for (let row = 0; row < 3; row++) {
        this.stretch(element, row, m[row]! * x + m[row + 4]! * y + m[row + 8]! * z + m[row + 12]!);
      }
    }
  }

  private copy(element: number, shape: Shape, kind: Kind, m: number[], tint: readonly number[]): void {
    const batch = this.batches.get(kind)!;
    const first = batch.element.length;
    const count = shape.vertices;
    const at = batch.position.grow(count * 3);
    const position = batch.position.data;
    const from = shape.position;
    for (let i = 0; i < count * 3; i += 3) {
      const x = from[i]!;
      const y = from[i + 1]!;
      const z = from[i + 2]!;
      for (let row = 0; row < 3; row++) {
        const value = m[row]! * x + m[row + 4]! * y + m[row + 8]! * z + m[row + 12]!;
        position[at + i + row] = value;
        this.stretch(element, row, value);
      }
    }
    const cofactors = cofactorsOf(m);
    this.copyNormals(batch, shape, cofactors);
    const tints = batch.tint.grow(count * 4);
    for (let i = 0; i < count * 4; i++) batch.tint.data[tints + i] = tint[i & 3]!;
    batch.element.data.fill(element, batch.element.grow(count), batch.element.length);
    const start = batch.index.grow(shape.index.length);
    const mirrored = cofactors.determinant < 0;
    for (let i = 0; i < shape.index.length; i += 3) {
      batch.index.data[start + i] = first + shape.index[i]!;
      batch.index.data[start + i + 1] = first + shape.index[mirrored ? i + 2 : i + 1]!;
      batch.index.data[start + i + 2] = first + shape.index[mirrored ? i + 1 : i + 2]!;
    }
    run(batch.runs, element, start, shape.index.length);
    const fine = shape.triangles > MOST_TRIANGLES_FOR_THEIR_EDGES && FURNISHINGS.test(this.classes[element]!);
    if (this.edges && kind !== "space" && !fine) this.copyEdges(element, shape, m);
  }

  private copyNormals(batch: Batch, shape: Shape, { values: c, determinant }: Cofactors): void {
    const sign = determinant < 0 ? -127 : 127;
    const at = batch.normal.grow(shape.normal.length);
    for (let i = 0; i < shape.normal.length; i += 4) {
      const [nx, ny, nz] = [shape.normal[i]!, shape.normal[i + 1]!, shape.normal[i + 2]!];
      const x = c[0]! * nx + c[1]! * ny + c[2]! * nz;
      const y = c[3]! * nx + c[4]! * ny + c[5]! * nz;
      const z = c[6]! * nx + c[7]! * ny + c[8]! * nz;
      const scale = sign / (Math.hypot(x, y, z) || 1);
      batch.normal.data[at + i] = Math.round(x * scale);
      batch.normal.data[at + i + 1] = Math.round(y * scale);
      batch.normal.data[at + i + 2] = Math.round(z * scale);
    }
  }

  private copyEdges(element: number, shape: Shape, m: number[]): void {
    const from = shape.edges();
    if (from.length === 0) return;
    const lines = this.lines;
    const at = lines.position.grow(from.length);
    for (let i = 0; i < from.length; i += 3) {
      for (let row = 0; row < 3; row++) {
        lines.position.data[at + i + row] =
          m[row]! * from[i]! + m[row + 4]! * from[i + 1]! + m[row + 8]! * from[i + 2]! + m[row + 12]!;
      }
    }
    const count = from.length / 3;
    const start = lines.element.grow(count);
    lines.element.data.fill(element, start, start + count);
    run(lines.runs, element, start, count);
  }

  private stretch(element: number, axis: number, value: number): void {
    const boxes = this.boxes.data;
    const low = element * 6 + axis;
    if (value < boxes[low]!) boxes[low] = value;
    if (value > boxes[low + 3]!) boxes[low + 3] = value;
  }
}

/** Notes that `count` values from `start` belong to an element; joins it to the run before where it continues it. */
function run(runs: ReturnType<typeof words>, element: number, start: number, count: number): void {
  const last = runs.length - 3;
  if (last >= 0 && runs.data[last] === element && runs.data[last + 1]! + runs.data[last + 2]! === start) {
    runs.data[last + 2]! += count;
  } else {
    runs.push(element, start, count);
  }
}

interface Cofactors {
  /** By rows. */
  values: number[];
  determinant: number;
}

/** What turns normals, also under scaling that differs by axis. */
function cofactorsOf(m: number[]): Cofactors {
  const [a, d, g] = [m[0]!, m[1]!, m[2]!];
  const [b, e, h] = [m[4]!, m[5]!, m[6]!];
  const [c, f, i] = [m[8]!, m[9]!, m[10]!];
  const values = [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ];
  return { values, determinant: a * values[0]! + b * values[1]! + c * values[2]! };
}
