// A module's own thread: takes its code, says its manifest, answers questions one after the other.

import { failed } from "../errors.js";
import type { Problem } from "../report.js";
import { Guest } from "./guest.js";
import {
  type Answer,
  type PackedAnswer,
  type PackedQuestion,
  packAnswer,
  transferable,
  unpackQuestion,
} from "./question.js";
import { Stop } from "./traps.js";

/** The first message. */
export interface Start {
  /** The core module, compiled or not. */
  code: WebAssembly.Module | ArrayBuffer;
  /** Bytes of memory that are written into it. */
  limit: number;
  /** Whether its manifest is wanted. */
  describe: boolean;
}

export interface Asked {
  id: number;
  question: PackedQuestion;
}

export type FromModule =
  /** The thread runs, and the module is compiled: it can be handed to another thread as it is. */
  | { compiled: WebAssembly.Module }
  /** Ready for questions. */
  | { ready: true; manifest?: string }
  | { refused: Problem }
  | { id: number; answer: PackedAnswer };

/** What takes the messages of a module's thread. */
export function serveModule(post: (message: FromModule, transfer?: Transferable[]) => void) {
  let guest: Guest | undefined;
  let preparing = false;
  /** After the questions that have come already. */
  const prepareSoon = () => {
    if (preparing) return;
    preparing = true;
    setTimeout(() => {
      preparing = false;
      guest?.prepare();
    }, 0);
  };
  const start = async ({ code, limit, describe }: Start) => {
    try {
      const module = code instanceof WebAssembly.Module ? code : await compile(code);
      post({ compiled: module });
      guest = new Guest(module, limit);
      post(describe ? { ready: true, manifest: guest.describe() } : { ready: true });
      prepareSoon();
    } catch (error) {
      post({ refused: error instanceof Stop ? error.problem : failed.host(String(error)) });
    }
  };
  return (message: unknown): void => {
    const { id, question } = message as Asked;
    if (id === undefined) {
      void start(message as Start);
    } else {
      const answer: Answer = guest?.ask(unpackQuestion(question)) ?? {
        failure: failed.host("it was not started"),
      };
      const packed = packAnswer(answer);
      const lists = "verdicts" in packed ? packed.verdicts : "columns" in packed ? packed.columns : undefined;
      post({ id, answer: packed }, lists ? transferable(lists) : []);
      prepareSoon();
    }
  };
}

/** Compiles a core module. Throws `Stop` when it is not valid. */
export async function compile(code: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(code);
  } catch (error) {
    throw new Stop(failed.malformed(error instanceof Error ? error.message : String(error)));
  }
}
