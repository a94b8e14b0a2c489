// What goes between the caller and the engine, whether in another thread or in the same.

import type { Limits } from "./limits.js";
import type { EngineVersion, Problem } from "./report.js";
import type { ModelSummary, ModuleFailure, ModuleInfo, Progress } from "./types.js";

/** A module file on its way to the engine. */
export interface ModuleRequest {
  name: string;
  from:
    | { url: string }
    | { bytes: Uint8Array }
    | { component: Uint8Array; core: WebAssembly.Module }
    /** It is known that there is none. */
    | { problem: Problem };
  digest?: string | undefined;
  signature?: { text: string } | { url: string } | undefined;
  preview: boolean;
}

/** A model on its way to the engine. */
export type ModelRequest =
  | { bytes: Uint8Array }
  | { blob: Blob }
  | { url: string }
  /** Pieces follow as messages of their own. */
  | { stream: true; size?: number | undefined };

export interface Opening {
  modules: ModuleRequest[];
  jurisdiction: string;
  limits: Limits;
  /** Undefined: nobody's signature is asked for. */
  trustedKeys: readonly string[] | undefined;
}

/** Operations: what each is given, and what it gives back. */
export interface Operations {
  open: { given: Opening; gives: { engine: EngineVersion; modules: ModuleInfo[] } };
  load: { given: { model: ModelRequest; name: string }; gives: ModelSummary };
  validate: { given: { detail: boolean; progress: boolean }; gives: Uint8Array };
  report: { given: null; gives: Uint8Array };
  /** Edits and delta are JSON: texts cross threads faster than objects. */
  edit: { given: string; gives: string };
  elements: { given: null; gives: string };
  element: { given: string; gives: string };
  idsCheck: { given: { documents: Uint8Array[]; names: string[]; most: number | undefined }; gives: string };
  idsAudit: { given: Uint8Array; gives: string };
  setJurisdiction: { given: string; gives: ModuleInfo[] };
}

export type Operation = keyof Operations;

export type Request<Op extends Operation = Operation> = {
  id: number;
  op: Op;
  given: Operations[Op]["given"];
};

export type ToEngine =
  | Request
  /** The engine's code, once. Modules are read in the meantime. */
  | { engine: WebAssembly.Module }
  | { cancel: number }
  /** The next piece of a stream; none: it ended; a problem: it broke. */
  | { piece: number; bytes?: Uint8Array; problem?: Problem };

export type FromEngine =
  | { id: number; value: unknown }
  | { id: number; problem: Problem }
  | { id: number; progress: Progress }
  | { moduleFailed: ModuleFailure };
