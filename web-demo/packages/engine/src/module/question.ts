// What goes to a module and what comes back: the records of engine-wasm/wit/module as typed arrays.
// Texts are bytes of UTF-8 throughout; only the engine reads them.

import type { Problem } from "../report.js";

export interface Question {
  kind: "derive" | "evaluate";
  /** Positions of derived facts or rules in the manifest. */
  asked: Uint32Array;
  view: number;
  rows: number;
  layout: Uint8Array;
  numbers: Float64Array;
  symbols: Uint32Array;
  text: Uint8Array;
  textEnds: Uint32Array;
  parameters: Float64Array;
  detail: boolean;
}

/** Lists in the order of the WIT record `verdicts`. */
export type Verdicts = [
  rule: Uint32Array,
  row: Uint32Array,
  kind: Uint8Array,
  comparison: Uint8Array,
  unit: Uint8Array,
  measured: Float64Array,
  tolerance: Float64Array,
  required: Float64Array,
  facts: BigUint64Array,
  message: Uint32Array,
  arguments_: Float64Array,
  argumentEnds: Uint32Array,
];

/** Lists in the order of the WIT record `columns`. */
export type Columns = [
  values: Float64Array,
  tolerances: Float64Array,
  facts: BigUint64Array,
  text: Uint8Array,
  textEnds: Uint32Array,
];

export type Answer = { verdicts: Verdicts } | { columns: Columns } | { failure: Problem };

type ListType = typeof Uint8Array | typeof Uint32Array | typeof Float64Array | typeof BigUint64Array;

/** What each list of a record is: its entries' size, and whether it is a text. */
export type Shape = readonly { List: ListType; size: number; text: boolean }[];

const bytes = { List: Uint8Array, size: 1, text: false };
const text = { List: Uint8Array, size: 1, text: true };
const words = { List: Uint32Array, size: 4, text: false };
const numbers = { List: Float64Array, size: 8, text: false };
const bits = { List: BigUint64Array, size: 8, text: false };

export const VERDICTS: Shape = [
  words,
  words,
  bytes,
  bytes,
  bytes,
  numbers,
  numbers,
  numbers,
  bits,
  words,
  numbers,
  words,
];
export const COLUMNS: Shape = [numbers, numbers, bits, text, words];

function fits(lists: unknown, shape: Shape): boolean {
  if (!Array.isArray(lists) || lists.length !== shape.length) return false;
  return shape.every(({ List }, at) => lists[at] instanceof List);
}

/** Whether what came out of a worker has the form of an answer. What it says, the engine examines. */
export function isAnswer(given: unknown): given is Answer {
  if (typeof given !== "object" || given === null) return false;
  if ("verdicts" in given) return fits(given.verdicts, VERDICTS);
  if ("columns" in given) return fits(given.columns, COLUMNS);
  if (!("failure" in given)) return false;
  const { code, message } = (given.failure ?? {}) as Partial<Problem>;
  return typeof code === "string" && typeof message === "string";
}

/** Copying less than this costs less than moving it. */
const WORTH_MOVING = 16_384;

/** The lists that are better moved to another thread than copied. */
export function transferable(lists: readonly ArrayBufferView[]): ArrayBuffer[] {
  const buffers = new Set(lists.map((list) => list.buffer as ArrayBuffer));
  return [...buffers].filter((buffer) => buffer.byteLength > WORTH_MOVING);
}

/** The lists of a question. */
export function listsOf(question: Question): ArrayBufferView[] {
  const { asked, layout, numbers, symbols, text, textEnds, parameters } = question;
  return [asked, layout, numbers, symbols, text, textEnds, parameters];
}
