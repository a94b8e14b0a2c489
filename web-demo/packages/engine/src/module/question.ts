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

/** Of a question: `asked`, and the lists of the record `batch`. */
const QUESTION: Shape = [words, bytes, numbers, words, text, words, numbers];

/** Lists in one buffer, one after the other: between threads a dozen small ones cost more than what is asked. */
export interface Packed {
  buffer: ArrayBuffer;
  /** Of each list, in entries. */
  lengths: number[];
}

/** A question on its way to another thread. */
export interface PackedQuestion {
  kind: Question["kind"];
  view: number;
  rows: number;
  detail: boolean;
  lists: Packed;
}

export type PackedAnswer = { verdicts: Packed } | { columns: Packed } | { failure: Problem };

/** Where lists of so many bytes begin, and where the last one ends: every list is aligned for every type. */
export function placesOf(sizes: readonly number[]): { places: number[]; end: number } {
  let end = 0;
  const places = sizes.map((size) => {
    const place = end;
    end = Math.ceil((end + size) / 8) * 8;
    return place;
  });
  return { places, end };
}

type List = Uint8Array | Uint32Array | Float64Array | BigUint64Array;

export function pack(lists: readonly List[]): Packed {
  const { places, end } = placesOf(lists.map((list) => list.byteLength));
  const lengths = lists.map((list) => list.length);
  const shared = lists[0]?.buffer;
  const packed = lists.every((list, at) => list.buffer === shared && list.byteOffset === places[at]);
  if (packed && shared instanceof ArrayBuffer && shared.byteLength === end)
    return { buffer: shared, lengths };
  const buffer = new ArrayBuffer(end);
  const all = new Uint8Array(buffer);
  lists.forEach((list, at) =>
    all.set(new Uint8Array(list.buffer, list.byteOffset, list.byteLength), places[at]),
  );
  return { buffer, lengths };
}

/** The lists again; none where they do not fit the shape or their buffer. */
function unpack(given: unknown, shape: Shape): List[] | undefined {
  const { buffer, lengths } = (given ?? {}) as Partial<Packed>;
  if (!(buffer instanceof ArrayBuffer) || !Array.isArray(lengths) || lengths.length !== shape.length) return;
  if (!lengths.every((length) => Number.isSafeInteger(length) && length >= 0)) return;
  const { places, end } = placesOf(shape.map(({ size }, at) => size * (lengths[at] as number)));
  if (end !== buffer.byteLength) return;
  return shape.map(({ List }, at) => new List(buffer, places[at], lengths[at]));
}

export function packQuestion(question: Question): PackedQuestion {
  const { kind, view, rows, detail } = question;
  const { asked, layout, numbers, symbols, text, textEnds, parameters } = question;
  const lists = pack([asked, layout, numbers, symbols, text, textEnds, parameters]);
  return { kind, view, rows, detail, lists };
}

export function unpackQuestion({ lists, ...rest }: PackedQuestion): Question {
  const names = ["asked", "layout", "numbers", "symbols", "text", "textEnds", "parameters"] as const;
  const unpacked = unpack(lists, QUESTION) ?? [];
  return { ...rest, ...Object.fromEntries(names.map((name, at) => [name, unpacked[at]])) } as Question;
}

export function packAnswer(answer: Answer): PackedAnswer {
  if ("verdicts" in answer) return { verdicts: pack(answer.verdicts) };
  return "columns" in answer ? { columns: pack(answer.columns) } : answer;
}

/** What came out of a module's thread, if it has the form of an answer. What it says, the engine examines. */
export function unpackAnswer(given: unknown): Answer | undefined {
  if (typeof given !== "object" || given === null) return;
  if ("verdicts" in given) {
    const verdicts = unpack(given.verdicts, VERDICTS) as Verdicts | undefined;
    return verdicts && { verdicts };
  }
  if ("columns" in given) {
    const columns = unpack(given.columns, COLUMNS) as Columns | undefined;
    return columns && { columns };
  }
  if (!("failure" in given)) return;
  const { code, message } = (given.failure ?? {}) as Partial<Problem>;
  if (typeof code === "string" && typeof message === "string") return { failure: { code, message } };
}

/** Copying less than this costs less than moving it. */
const WORTH_MOVING = 16_384;

/** The buffer, where it is better moved to another thread than copied. */
export function transferable({ buffer }: Packed): ArrayBuffer[] {
  return buffer.byteLength > WORTH_MOVING ? [buffer] : [];
}
