// The canonical ABI of one small world, by hand: a module's functions, called with flat lists. The order of
// allocations, the checks and their words follow wasmtime, so that a module fails here as it fails in the host.

import { failed } from "../errors.js";
import { MAX_ANSWER_BYTES, MAX_MANIFEST_BYTES, MAX_TEXT_BYTES, MAX_VERDICTS } from "../limits.js";
import type { Problem } from "../report.js";
import { type Answer, COLUMNS, type Question, type Shape, VERDICTS, placesOf } from "./question.js";
import { Stop, stopped } from "./traps.js";

/** Bytes of one verdict in an answer, all lists together. */
const VERDICT_BYTES = 4 + 4 + 1 + 1 + 1 + 8 + 8 + 8 + 8 + 4 + 4;
/** Arguments of a message that a verdict may have on average. */
const ARGUMENTS = 8;
/** Bytes of one value of a derived fact: value, tolerance, facts, and the end of its text. */
const VALUE_BYTES = 8 + 8 + 8 + 4;
/** Lists and records cost a little even when they are empty. */
const SLACK = 4_096;
/** `asked` and the record `batch` in memory: 16 words and a flag. */
const PARAMETERS_BYTES = 68;

type Core = (...values: number[]) => number;

interface Instance {
  memory: WebAssembly.Memory;
  realloc: Core;
  /** By name: the function, and the one that frees its result. */
  functions: Record<string, [Core, Core | undefined]>;
}

/** A module's code. Every use of it is a fresh instance, which knows nothing of the ones before. */
export class Guest {
  readonly #module: WebAssembly.Module;
  readonly #limit: number;
  readonly #interface: string;
  /** Made ahead of time, not used yet. */
  #next: Instance | undefined;

  /** `limit`: bytes of memory, as they are written into the module. */
  constructor(module: WebAssembly.Module, limit: number) {
    this.#module = module;
    this.#limit = limit;
    const names = WebAssembly.Module.exports(module).filter((entry) => entry.kind === "function");
    const describe = /^(plancheck:module\/rules@1\.[^#]*)#describe$/;
    const found = names.map((entry) => describe.exec(entry.name)?.[1]).find((name) => name !== undefined);
    if (found === undefined) throw new Stop(failed.wrongWorld("no `describe`"));
    this.#interface = found;
  }

  /** Makes the next instance while nobody waits for it. */
  prepare(): void {
    try {
      this.#next ??= this.#instantiate();
    } catch {
      // It will fail again when it is needed, and be told then.
    }
  }

  /** The manifest: JSON, not read yet. Throws `Stop`. */
  describe(): string {
    const tooLarge = failed.badManifest(`more than ${MAX_MANIFEST_BYTES} bytes`);
    return this.#use(failed.badManifest, tooLarge, (instance) => {
      const [describe, free] = this.#function(instance, "describe", 0);
      const at = describe();
      // UTF-8 is charged at twice its length.
      const answer = new Lists(instance, at, 1, MAX_MANIFEST_BYTES * 2 + SLACK);
      const text = utf8(answer.view(0, 1, "string"));
      if (answer.length(0) > MAX_MANIFEST_BYTES) throw new TooLarge();
      free?.(at);
      return text;
    });
  }

  /** Asks. Whatever goes wrong is an answer too. */
  ask(question: Question): Answer {
    const evaluate = question.kind === "evaluate";
    const shape = evaluate ? VERDICTS : COLUMNS;
    const asked = question.asked.length * question.rows;
    const bytes = evaluate
      ? Math.min(asked, MAX_VERDICTS) * (VERDICT_BYTES + 8 * ARGUMENTS)
      : asked * VALUE_BYTES + MAX_TEXT_BYTES;
    const limit = Math.min(bytes + SLACK, MAX_ANSWER_BYTES);
    try {
      return this.#use(failed.badAnswer, failed.answerTooLarge(limit), (instance) => {
        const [call, free] = this.#function(instance, question.kind, 1);
        const at = call(lower(instance, question));
        const lists = new Lists(instance, at, shape.length, limit).copy(shape);
        free?.(at);
        return (evaluate ? { verdicts: lists } : { columns: lists }) as Answer;
      });
    } catch (error) {
      if (error instanceof Stop) return { failure: error.problem };
      throw error;
    }
  }

  #instantiate(): Instance {
    const { exports } = new WebAssembly.Instance(this.#module, {});
    const { memory, cabi_realloc: realloc } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Stop(failed.wrongWorld("no memory"));
    if (typeof realloc !== "function") throw new Stop(failed.wrongWorld("no `cabi_realloc`"));
    const functions: Instance["functions"] = {};
    for (const name of ["describe", "derive", "evaluate"]) {
      const found = exports[`${this.#interface}#${name}`];
      if (typeof found !== "function") {
        throw new Stop(failed.wrongWorld(`${this.#interface} without \`${name}\``));
      }
      const free = exports[`cabi_post_${this.#interface}#${name}`];
      functions[name] = [found as Core, typeof free === "function" ? (free as Core) : undefined];
    }
    return { memory, realloc: realloc as Core, functions };
  }

  #function(instance: Instance, name: string, parameters: number): [Core, Core | undefined] {
    const found = instance.functions[name] as [Core, Core | undefined];
    if (found[0].length !== parameters) {
      throw new Stop(failed.wrongWorld(`${this.#interface} of other types`));
    }
    return found;
  }

  #use<T>(broken: (why: string) => Problem, tooLarge: Problem, act: (instance: Instance) => T): T {
    let instance: Instance | undefined;
    try {
      instance = this.#next ?? this.#instantiate();
      this.#next = undefined;
      return act(instance);
    } catch (error) {
      if (error instanceof BrokenAbi) throw new Stop(broken(error.message));
      if (error instanceof TooLarge) throw new Stop(tooLarge);
      throw new Stop(stopped(error, instance?.memory, this.#limit));
    }
  }
}

/** Pointers of a guest that break the canonical ABI. */
class BrokenAbi extends Error {}
/** More than any honest answer. */
class TooLarge extends Error {}

function allocate(instance: Instance, align: number, size: number): number {
  const at = instance.realloc(0, 0, align, size) >>> 0;
  if (at % align !== 0) throw new BrokenAbi("realloc return: result not aligned");
  if (at + size > instance.memory.buffer.byteLength)
    throw new BrokenAbi("realloc return: beyond end of memory");
  return at;
}

/** Copies the parameters into the guest's memory: `asked`, then the fields of the record `batch`. */
function lower(instance: Instance, question: Question): number {
  const { asked, view, rows, layout, numbers, symbols, text, textEnds, parameters, detail } = question;
  const at = allocate(instance, 4, PARAMETERS_BYTES);
  const list = (values: Uint8Array | Uint32Array | Float64Array): [number, number] => {
    const place = allocate(instance, values.BYTES_PER_ELEMENT, values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(instance.memory.buffer, place, values.byteLength).set(bytes);
    return [place, values.length];
  };
  const words = [...list(asked), view, rows];
  for (const values of [layout, numbers, symbols, text, textEnds, parameters]) words.push(...list(values));
  const { buffer } = instance.memory;
  new Uint32Array(buffer, at, words.length).set(words);
  new Uint8Array(buffer)[at + 4 * words.length] = detail ? 1 : 0;
  return at;
}

/** A result that is made of lists. What is copied out of the memory lies inside it, and is not too much in all. */
class Lists {
  readonly #memory: ArrayBuffer;
  /** Pointer and length of each list. */
  readonly #words: Uint32Array;
  #left: number;

  constructor(instance: Instance, given: number, count: number, limit: number) {
    const at = given >>> 0;
    this.#memory = instance.memory.buffer;
    this.#left = limit;
    if (at % 4 !== 0) throw new BrokenAbi("return pointer not aligned");
    if (at + 8 * count > this.#memory.byteLength) throw new BrokenAbi("pointer out of bounds of memory");
    this.#words = new Uint32Array(this.#memory, at, 2 * count);
  }

  length(list: number): number {
    return this.#words[2 * list + 1] as number;
  }

  /** The bytes of a list, where they are. */
  view(list: number, size: number, what = "list"): Uint8Array {
    const at = this.#words[2 * list] as number;
    const bytes = this.length(list) * size;
    if (at + bytes > this.#memory.byteLength) {
      throw new BrokenAbi(`${what} pointer/length out of bounds of memory`);
    }
    this.#left -= bytes;
    if (this.#left < 0) throw new TooLarge();
    if (at % size !== 0) throw new BrokenAbi("list pointer is not aligned");
    return new Uint8Array(this.#memory, at, bytes);
  }

  /** Copies all lists, into one buffer: a dozen small ones would cost more than all the rest. */
  copy(shape: Shape): ArrayBufferView[] {
    const views = shape.map(({ size, text }, list) => this.view(list, size, text ? "string" : "list"));
    const { places, end } = placesOf(views.map((view) => view.byteLength));
    const buffer = new ArrayBuffer(end);
    const bytes = new Uint8Array(buffer);
    views.forEach((view, list) => bytes.set(view, places[list]));
    return shape.map(({ List }, list) => new List(buffer, places[list], this.length(list)));
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BrokenAbi("invalid utf-8");
  }
}
