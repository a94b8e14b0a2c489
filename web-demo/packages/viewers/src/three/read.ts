/** Reads the geometry of a model with web-ifc and packs it; runs in the worker (and in tests in Node). */
import type { FlatMesh, IfcAPI } from "web-ifc";
import { Packer } from "./pack.js";
import type { DoneMessage, Message, ReadOptions } from "./protocol.js";
import { Shape } from "./shape.js";

/** Volumes that web-ifc streams only when asked: what a plan calls a room. */
const SPACES = ["IFCSPACE", "IFCSPATIALZONE"];
/** Meshes that are looked at before the place of the scene's origin is chosen. */
const LOOK_AHEAD = 64;
/** How far (m) they may lie from the first before that is thought an outlier. */
const FAR = 1000;

type Vector = [number, number, number];

interface Placed {
  record: number;
  shape: Shape;
  matrix: number[];
  colour: [number, number, number, number];
}

/** `Messages` in the order of protocol.ts; throws when web-ifc cannot open the bytes. */
export function readGeometry(
  api: IfcAPI,
  bytes: Uint8Array,
  options: ReadOptions,
  emit: (message: Message) => void,
): void {
  const begin = performance.now();
  emit({ type: "progress", phase: "open", done: 0, total: bytes.length });
  // web-ifc logs every oddity of a file to the console; the engine's diagnostics tell them already.
  api.SetLogLevel(6);
  const model = api.OpenModel(bytes, { COORDINATE_TO_ORIGIN: true });
  if (model < 0 || !api.IsModelOpen(model)) throw new Error("web-ifc cannot open this file");
  const opened = performance.now();
  emit({ type: "progress", phase: "open", done: bytes.length, total: bytes.length });
  try {
    const reader = new Reader(api, model, options, emit);
    reader.stream();
    const done: DoneMessage = {
      type: "done",
      origin: reader.origin(),
      milliseconds: { open: opened - begin, geometry: performance.now() - opened },
    };
    emit(done);
  } finally {
    api.CloseModel(model);
  }
}

class Reader {
  private readonly shapes = new Map<number, Shape>();
  private readonly packer: Packer;
  private waiting: Placed[] | undefined = [];
  private offset: Vector = [0, 0, 0];
  private elements = 0;
  private told = 0;

  constructor(
    private readonly api: IfcAPI,
    private readonly model: number,
    private readonly options: ReadOptions,
    private readonly emit: (message: Message) => void,
  ) {
    this.packer = new Packer(emit, options.edges);
  }

  stream(): void {
    const spaces = SPACES.map((name) => this.api.GetTypeCodeFromName(name));
    const expected = this.expected(spaces);
    const take = (mesh: FlatMesh) => this.mesh(mesh, expected);
    this.api.StreamAllMeshes(this.model, take);
    if (this.options.spaces) this.api.StreamAllMeshesWithTypes(this.model, spaces, take);
    this.settle();
    this.packer.finish();
    this.emit({ type: "progress", phase: "geometry", done: expected, total: expected });
  }

  /** Where the scene's origin lies in the file, in metres, Y up. */
  origin(): Vector {
    const moved = this.api.GetCoordinationMatrix(this.model);
    return [0, 1, 2].map((axis) => this.offset[axis]! - (moved[12 + axis] ?? 0) + 0) as Vector;
  }

  /** How many meshes will come, about: elements, and spaces where asked for. */
  private expected(spaces: number[]): number {
    const openings = ["IFCOPENINGELEMENT", "IFCOPENINGSTANDARDCASE"].map((name) =>
      this.api.GetTypeCodeFromName(name),
    );
    let count = 0;
    for (const { typeID } of this.api.GetAllTypesOfModel(this.model)) {
      const wanted = this.api.IsIfcElement(typeID) || (this.options.spaces && spaces.includes(typeID));
      if (wanted && !openings.includes(typeID))
        count += this.api.GetLineIDsWithType(this.model, typeID).size();
    }
    return Math.max(count, 1);
  }

  private mesh(mesh: FlatMesh, expected: number): void {
    this.elements += 1;
    const now = performance.now();
    if (now - this.told > 50) {
      this.told = now;
      this.emit({
        type: "progress",
        phase: "geometry",
        done: Math.min(this.elements, expected),
        total: expected,
      });
    }
    const parts = mesh.geometries;
    for (let i = 0; i < parts.size(); i++) {
      const part = parts.get(i);
      const shape = this.shape(part.geometryExpressID);
      if (shape.triangles === 0) continue;
      const { x, y, z, w } = part.color;
      const placed: Placed = {
        record: mesh.expressID,
        shape,
        matrix: [...part.flatTransformation],
        colour: [x, y, z, w],
      };
      if (this.waiting) this.waiting.push(placed);
      else this.pack(placed);
    }
    if (this.waiting && this.elements >= LOOK_AHEAD) this.settle();
    if (!this.waiting) this.packer.flush();
  }

  private shape(id: number): Shape {
    let shape = this.shapes.get(id);
    if (!shape) {
      const geometry = this.api.GetGeometry(this.model, id);
      const vertices = this.api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
      const index = this.api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize());
      shape = new Shape(vertices, new Uint32Array(index));
      geometry.delete();
      this.shapes.set(id, shape);
    }
    return shape;
  }

  /**
   * web-ifc puts the first point it meets at the origin. Where that point is an outlier, everything else would
   * lie so far away that single precision shows, so the middle of the first meshes decides.
   */
  private settle(): void {
    const waiting = this.waiting;
    if (!waiting) return;
    this.waiting = undefined;
    const middle = [12, 13, 14].map((at) => {
      const sorted = waiting.map((placed) => placed.matrix[at] ?? 0).sort((a, b) => a - b);
      return Math.round(sorted[sorted.length >> 1] ?? 0);
    }) as Vector;
    if (middle.some((value) => Math.abs(value) > FAR)) this.offset = middle;
    for (const placed of waiting) this.pack(placed);
    this.packer.flush();
  }

  private pack({ record, shape, matrix, colour }: Placed): void {
    for (let axis = 0; axis < 3; axis++) matrix[12 + axis]! -= this.offset[axis]!;
    const element = this.packer.element(record, () => this.describe(record));
    this.packer.add(element, shape, matrix, colour);
  }

  private describe(record: number): { globalId: string; class: string } {
    const type = this.api.GetLineType(this.model, record) as number;
    let globalId = "";
    if (this.options.globalIds) {
      const first: unknown = this.api.GetRawLineData(this.model, record)?.arguments?.[0]?.value;
      if (typeof first === "string") globalId = first;
    }
    return { globalId, class: this.api.GetNameFromTypeCode(type) };
  }
}
