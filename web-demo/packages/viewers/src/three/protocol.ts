/** What the geometry worker and the page say to each other. All arrays go by transfer. */

/** How a surface is drawn. A space is a volume that is shown only to carry a colour. */
export type Kind = "solid" | "glass" | "space";
export const KINDS: readonly Kind[] = ["solid", "glass", "space"];

export interface ReadOptions {
  spaces: boolean;
  edges: boolean;
  /** Read GlobalIds from the file; not needed when the page knows them from the engine. */
  globalIds: boolean;
}

export interface Start {
  bytes: ArrayBuffer | Blob;
  options: ReadOptions;
  /** URL of web-ifc.wasm; web-ifc looks beside its own script without. */
  wasm?: string;
  /** URL of web-ifc-api.js, where no bundler resolves "web-ifc". */
  webIfc?: string;
}

/** Elements with geometry, numbered in the order of their first message. */
export interface ElementsMessage {
  type: "elements";
  /** Instance numbers in the file. */
  records: Uint32Array<ArrayBuffer>;
  /** Empty texts where GlobalIds were not asked for. */
  globalIds: string[];
  classes: string[];
  /** Six numbers for each element: low x, y, z, high x, y, z. */
  boxes: Float32Array<ArrayBuffer>;
}

/** Triangles of many elements: one draw call. */
export interface BatchMessage {
  type: "batch";
  kind: Kind;
  position: Float32Array<ArrayBuffer>;
  /** Four bytes for each vertex, the last unused. */
  normal: Int8Array<ArrayBuffer>;
  /** sRGB and opacity. */
  tint: Uint8Array<ArrayBuffer>;
  /** Number of the element of each vertex. */
  element: Uint32Array<ArrayBuffer>;
  index: Uint32Array<ArrayBuffer>;
  /** Three numbers for each run of one element: element, first index, count. */
  runs: Uint32Array<ArrayBuffer>;
}

/** Line segments along creases. */
export interface LinesMessage {
  type: "lines";
  position: Float32Array<ArrayBuffer>;
  element: Uint32Array<ArrayBuffer>;
  /** Element, first vertex, count. */
  runs: Uint32Array<ArrayBuffer>;
}

/** One shape that stands in many places. */
export interface ShapeMessage {
  type: "shape";
  kind: Kind;
  position: Float32Array<ArrayBuffer>;
  normal: Int8Array<ArrayBuffer>;
  index: Uint32Array<ArrayBuffer>;
  /** Ever fewer triangles over the same vertices, for places that are small on the screen. */
  coarse: Uint32Array<ArrayBuffer>[];
  /** Twelve numbers for each place: three rows of a matrix. */
  places: Float32Array<ArrayBuffer>;
  tint: Uint8Array<ArrayBuffer>;
  element: Uint32Array<ArrayBuffer>;
}

export interface DoneMessage {
  type: "done";
  /** Where the scene's (0, 0, 0) lies in the file's coordinates, in metres, Y up. */
  origin: [number, number, number];
  milliseconds: { open: number; geometry: number };
}

export type Message =
  | { type: "progress"; phase: "open" | "geometry"; done: number; total: number }
  | ElementsMessage
  | BatchMessage
  | LinesMessage
  | ShapeMessage
  | DoneMessage
  | { type: "error"; code: "wasm" | "model"; message: string };
