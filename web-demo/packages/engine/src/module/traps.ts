import { failed } from "../errors.js";
import type { Problem } from "../report.js";
import { PAGE } from "../limits.js";

/** A module that was stopped, or refused. */
export class Stop extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What JavaScript engines say of a trap (V8, SpiderMonkey, JavaScriptCore), and what wasmtime says. */
const traps: [RegExp, string][] = [
  [/unreachable/i, "wasm `unreachable` instruction executed"],
  [/divi(de|sion) by zero/i, "integer divide by zero"],
  [
    /unrepresentable in integer|invalid conversion|integer overflow.*trunc|float.*(int|range)/i,
    "invalid conversion to integer",
  ],
  [/unrepresentable|integer overflow/i, "integer overflow"],
  [/signature|type mismatch/i, "indirect call type mismatch"],
  [/table|undefined element/i, "undefined element: out of bounds table access"],
  [/null|uninitialized/i, "uninitialized element"],
];

/** Why a call of a module ended, from what it threw. */
export function stopped(thrown: unknown, memory: WebAssembly.Memory | undefined, limit: number): Problem {
  if (thrown instanceof Stop) return thrown.problem;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  // V8 throws RangeError, SpiderMonkey InternalError, JavaScriptCore RangeError.
  if (/call stack|recursion/i.test(text)) return failed.stackOverflow();
  if (/out of memory|could not allocate|cannot allocate/i.test(text)) return failed.host(text);
  if (thrown instanceof WebAssembly.RuntimeError) {
    if (memory && nearlyFull(memory, limit)) return failed.outOfMemory(limit);
    if (/memory|out of bounds access|index out of bounds/i.test(text) && !/table/i.test(text)) {
      return failed.trap("an access outside of its memory (or its stack overflowed)");
    }
    const known = traps.find(([pattern]) => pattern.test(text));
    return failed.trap(known ? `wasm trap: ${known[1]}` : text);
  }
  // A function that takes or gives other types than the contract's.
  if (thrown instanceof TypeError) return failed.wrongWorld("functions of other types");
  return failed.host(text);
}

/**
 * Nobody tells a page that a memory was not allowed to grow. Allocators grow by what is asked for, at most to
 * double, so one that was refused has more than half of its memory in use when it gives up.
 */
function nearlyFull(memory: WebAssembly.Memory, limit: number): boolean {
  return memory.buffer.byteLength + PAGE > limit / 2;
}
