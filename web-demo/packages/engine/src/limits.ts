// What a module may use. The numbers are those of the host, so that a module fails alike in both.

import { PlancheckError } from "./errors.js";

const MIB = 1 << 20;

export interface Limits {
  /** Bytes of linear memory of a module. */
  moduleMemory: number;
  /** Milliseconds for one call of a module. */
  moduleDeadline: number;
}

export const DEFAULT_LIMITS: Limits = { moduleMemory: 256 * MIB, moduleDeadline: 2_000 };

/** The defaults where nothing else is said. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const key of ["moduleMemory", "moduleDeadline"] as const) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value > 0) || value > MOST[key])
      throw new PlancheckError("bad-argument", `limits.${key} is a number above 0, at most ${MOST[key]}`);
    limits[key] = value;
  }
  return limits;
}

/** What WebAssembly addresses, and a day. */
const MOST: Limits = { moduleMemory: 4096 * MIB, moduleDeadline: 86_400_000 };

/** For `describe`, which only writes a constant text; the start of the module is in it. */
export const DESCRIBE_DEADLINE = 1_000;
/** For compiling a module. An honest one takes 5 to 50 ms. */
export const COMPILE_TIMEOUT = 10_000;
/** For a worker to start and load its few files, over a slow line too. */
export const START_TIMEOUT = 30_000;
/** Bytes of a module file. First-party modules have 40 to 400 kB. */
export const MAX_MODULE_BYTES = 4 * MIB;
/** Bytes of the text that `describe` returns. */
export const MAX_MANIFEST_BYTES = 4 * MIB;
/** Verdicts in one answer; with `detail` there is one for each row and rule. */
export const MAX_VERDICTS = 4_000_000;
/** Bytes of all texts in one answer. */
export const MAX_TEXT_BYTES = 4 * MIB;
/** Bytes of one answer, whatever was asked: a list may be named many times over. */
export const MAX_ANSWER_BYTES = 512 * MIB;
export const PAGE = 65_536;
