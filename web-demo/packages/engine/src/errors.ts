import type { Problem } from "./report.js";

/**
 * Everything that this package throws, apart from cancellation (which throws the signal's reason).
 * `code` is stable and for programs, `message` is for people.
 */
export class PlancheckError extends Error {
  override readonly name = "PlancheckError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was thrown, whatever it is, as code and message. The engine throws both as JSON. */
export function problemOf(thrown: unknown, otherwise = "internal"): Problem {
  if (thrown instanceof PlancheckError) return { code: thrown.code, message: thrown.message };
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (text.startsWith("{")) {
    try {
      const { code, message } = JSON.parse(text) as Partial<Problem>;
      if (typeof code === "string" && typeof message === "string") return { code, message };
    } catch {
      // Not ours: told as it is.
    }
  }
  return { code: otherwise, message: text };
}

export function errorOf({ code, message }: Problem): PlancheckError {
  return new PlancheckError(code, message);
}

/** Ways in which a module fails: codes and words are those of the host, so that reports are equal. */
export const failed = {
  deadline: (milliseconds: number): Problem => ({
    code: "deadline",
    message: `gave no answer within ${milliseconds} ms`,
  }),
  compileTimeout: (milliseconds: number): Problem => ({
    code: "compile-timeout",
    message: `compiling it took longer than ${milliseconds} ms`,
  }),
  malformed: (why: string): Problem => ({ code: "malformed", message: `not valid for a module: ${why}` }),
  wrongWorld: (found: string): Problem => ({
    code: "wrong-world",
    message: `exports ${found}, but this host calls plancheck:module/rules@1`,
  }),
  badManifest: (why: string): Problem => ({
    code: "bad-manifest",
    message: `its manifest cannot be used: ${why}`,
  }),
  outOfMemory: (limit: number): Problem => ({
    code: "out-of-memory",
    message: `needs more than ${limit} bytes of memory`,
  }),
  stackOverflow: (): Problem => ({ code: "stack-overflow", message: "its stack overflowed" }),
  trap: (why: string): Problem => ({ code: "trap", message: `trapped: ${why}` }),
  answerTooLarge: (limit: number): Problem => ({
    code: "answer-too-large",
    message: `its answer is larger than ${limit} bytes`,
  }),
  badAnswer: (why: string): Problem => ({
    code: "bad-answer",
    message: `its answer breaks the contract: ${why}`,
  }),
  host: (why: string): Problem => ({ code: "host", message: `the host could not run it: ${why}` }),
};
