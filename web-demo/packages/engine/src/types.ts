import type {
  ElementRef,
  EngineVersion,
  Fact,
  Finding,
  Jurisdiction,
  Problem,
  Report,
  Specification,
  Summary,
} from "./report.js";
import type { Limits } from "./limits.js";

/** Bytes in memory. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** A `WebAssembly.Module`, also where TypeScript does not know that there is WebAssembly. */
export type CompiledModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Module } };
}
  ? Module
  : object;

/** What makes a checker. */
export interface CheckerOptions {
  /** The module files, in order of precedence; a later module replaces an earlier one of the same id. */
  modules: readonly ModuleSource[];
  /** Only the codes of this place and the larger ones around it, as `us/ca/san-francisco`; left out: all. */
  jurisdiction?: string;
  /** The engine's WebAssembly, where it is not found beside this package. */
  engine?: string | URL | Response | Bytes | CompiledModule;
  /** In a worker of its own (the default where there are workers), or in this thread. */
  run?: "worker" | "inline";
  limits?: Partial<Limits>;
  /** Public keys of minisign. Given, every module has to be signed by one of them; an empty list trusts nobody. */
  trustedKeys?: readonly string[];
}

/** What is demanded of a module file before it is used. */
export interface ModuleDemands {
  /** BLAKE3 of the file, hex, as reports name it. */
  digest?: string;
  /** The text of its minisign signature, or where that is. */
  signature?: string | URL;
  /** What it is called while its id is not known; otherwise the name of its file. */
  name?: string;
  /** Runs its rules in preview, too. */
  preview?: boolean;
}

/** A module file: where it is, or its bytes. */
export type ModuleSource =
  | string
  | URL
  | (ModuleDemands & { url: string | URL })
  | (ModuleDemands & { bytes: Bytes })
  /** A module that should be there and is not: its place in the ruleset, and why. `connectHost` gives such. */
  | (ModuleDemands & { unavailable: Problem })
  /** For runtimes that compile only at deployment: `core` as `plancheck-core` takes it out of the file. */
  | (ModuleDemands & { component: Bytes; core: CompiledModule });

/** A rule, as its module describes it. */
export interface RuleInfo {
  id: string;
  title: string;
  citation: string;
  /** What the section is about; empty where the module does not say it. */
  section: string;
  /** Where the section can be read in public, `https://…`; may be empty. */
  link: string;
  severity: "error" | "warning" | "info";
  category: string;
  stage: "preview" | "stable" | "retired";
  verified: boolean;
  /** Markdown. */
  page?: string;
}

/** A module that can be used. */
export interface ReadyModule {
  status: "ready";
  id: string;
  /** BLAKE3 of the file, hex. */
  digest: string;
  /** Whether it belongs to the jurisdiction that is chosen now. */
  applies: boolean;
  /** The id of the key that it is signed with, where that was checked. */
  signedBy?: string;
  title: string;
  version: string;
  publisher: string;
  limits: string;
  /** `us/ca`; `everywhere` where it names no country. */
  place: string;
  jurisdiction: Jurisdiction;
  rules: RuleInfo[];
}

/** A module that cannot be used. Reports name it, and are not complete. */
export interface UnavailableModule {
  status: "unavailable";
  /** Its name: the id is not known. */
  id: string;
  applies: true;
  problem: Problem;
}

export type ModuleInfo = ReadyModule | UnavailableModule;

/** A model: its bytes, or where they come from. IFC, zipped IFC or the JSON object model. */
export type ModelSource = Bytes | Blob | Response | ReadableStream<Uint8Array> | string | URL;

export interface ModelSummary {
  format: "ifc" | "json";
  name: string | null;
  records: number;
  elements: number;
  /** Oddities of the input. */
  diagnostics: number;
}

export interface Progress {
  /** Bytes are read, the model is built of them, rules are judged. */
  phase: "read" | "load" | "judge";
  /** Bytes, or rules. */
  done: number;
  total?: number;
}

export interface CallOptions {
  /** Cancels: the call rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface LoadOptions extends CallOptions {
  /** Of the file, for reports of IDS. */
  name?: string;
  /** Leaves `source` usable: bytes are copied instead of moved into the worker. */
  keep?: boolean;
  onProgress?: (progress: Progress) => void;
}

export interface ValidateOptions extends CallOptions {
  /** Report what passes too, with what was measured. */
  detail?: boolean;
  onProgress?: (progress: Progress) => void;
}

export interface CheckResult {
  /** The report, read from its bytes when it is first asked for. */
  readonly report: Report;
  /** Exactly the bytes that the host gives for the same model, modules and engine. */
  readonly bytes: Uint8Array;
  readonly milliseconds: number;
}

export type EditValue = string | number | boolean;

/** A change of the model. Numbers are in SI units; `null` says that there is no value. */
export type Edit =
  | { op: "set_property"; element: string; set?: string; name: string; value: EditValue | null }
  /** Takes the edit of a property back: what the file says counts again. */
  | { op: "restore_property"; element: string; set?: string; name: string }
  | { op: "set_attribute"; element: string; name: string; value: EditValue | null }
  | { op: "restore_attribute"; element: string; name: string }
  | {
      op: "add_element";
      global_id: string;
      class: string;
      name?: string;
      container?: string;
      attributes?: [name: string, value: EditValue][];
      properties?: [set: string, name: string, value: EditValue][];
      bounds?: string[];
    }
  | { op: "remove_element"; element: string };

/** What an edit changed. */
export interface Delta {
  added: Finding[];
  /** Ids of findings that are gone. */
  resolved: string[];
  changed: Finding[];
  summary: Summary;
}

export interface EditResult {
  readonly delta: Delta;
  readonly milliseconds: number;
}

export interface ModelElement {
  global_id: string;
  class: string;
  name?: string;
  long_name?: string;
  /** The `global_id` of its storey. */
  storey?: string;
  /** Instance number in the file. */
  record?: number;
  /** The `global_id` of what it is part of, in, or fills an opening of. */
  container?: string;
}

export interface ModelStorey {
  global_id: string;
  name: string;
  /** Metres. */
  elevation?: number;
}

export interface ModelElements {
  elements: ModelElement[];
  storeys: ModelStorey[];
}

/** A value of an element. */
export interface NamedValue {
  name: string;
  /** For people, with its unit. */
  value: string;
  /** `other`: a range, or nothing that is read, and then `value` says why. */
  type: "text" | "number" | "boolean" | "other";
  /** In SI units. */
  number?: number;
  /** Symbol of the SI unit. */
  unit?: string;
}

export interface ElementAttribute extends NamedValue {
  /** In the file, or set by an edit. */
  from: "occurrence" | "declared";
}

export interface ElementProperty extends NamedValue {
  /** Empty for what is in none. */
  set: string;
  /** At the element itself, at its type, or set by an edit. */
  from: "occurrence" | "type" | "declared";
  /** It is a quantity. */
  quantity?: true;
  record?: number;
  /** It has one value, which an edit may replace. */
  editable: boolean;
}

/** A fact of an element: known with its provenance, or absent with the reason. */
export interface DetailedFact extends Fact {
  /** What exactly is meant. */
  description: string;
  type: "text" | "number" | "boolean";
  /** Symbol of the SI unit. */
  unit?: string;
  /** The edit that gives it another value; none where it can only be concluded. */
  edit?: { op: "set_property"; set: string; name: string } | { op: "set_attribute"; name: string };
}

/** What there is to know of one element. */
export interface ElementDetails extends ElementRef {
  /** As the fact catalogue calls its kind: `door`. */
  subject?: string;
  /** All facts of its kind, then those that modules derive. */
  facts: DetailedFact[];
  attributes: ElementAttribute[];
  properties: ElementProperty[];
}

export interface IdsDocument {
  /** Of its file. */
  name?: string;
  bytes: Bytes;
}

export interface IdsOptions extends CallOptions {
  /** List at most so many failing elements of each requirement; the counts stay. */
  most?: number;
}

/** How a model meets IDS documents; see docs/ids.md. */
export interface IdsReport {
  format: "plancheck-ids-report/1";
  engine: string;
  model?: string;
  schema: string;
  status: "pass" | "fail";
  /** `not_applicable`: passed because there is nothing that they apply to; counted in `passed` too. */
  totals: { specifications: number; passed: number; not_applicable: number; failed: number; errors: number };
  documents: IdsDocumentResult[];
}

export interface IdsDocumentResult {
  file?: string;
  title: string;
  /** What the document says of itself. */
  info?: Partial<
    Record<"description" | "version" | "author" | "date" | "purpose" | "milestone" | "copyright", string>
  >;
  /** What an audit finds of each severity. */
  errors: number;
  warnings: number;
  specifications: Specification[];
}

/** What is wrong with an IDS document. */
export interface IdsAudit {
  format: "plancheck-ids-audit/1";
  engine: string;
  readable: boolean;
  title: string | null;
  specifications: number;
  errors: number;
  warnings: number;
  findings: IdsAuditFinding[];
}

export interface IdsAuditFinding {
  code: string;
  severity: "error" | "warning";
  line: number;
  column: number;
  specification?: string;
  message: string;
}

export interface ModuleFailure extends Problem {
  /** Its id. */
  module: string;
}

export interface CheckerEvents {
  progress: Progress;
  report: CheckResult;
  delta: EditResult;
  /** A module gave no usable answer; its rules are undetermined, and reports say so. */
  "module-failed": ModuleFailure;
}

/**
 * Checks one model after the other. Calls are taken in order, one at a time; each may be waited for or not.
 * All but `modules`, `on` and `close` reject with a `PlancheckError` when something is wrong.
 */
export interface Checker {
  readonly engine: EngineVersion;
  modules(): readonly ModuleInfo[];
  /** Reads a model. The one before is forgotten, also when this one cannot be read. */
  load(source: ModelSource, options?: LoadOptions): Promise<ModelSummary>;
  /** Judges what is not judged yet, and reports everything. */
  validate(options?: ValidateOptions): Promise<CheckResult>;
  /** Changes the model and judges what depends on it. */
  edit(edits: Edit | readonly Edit[], options?: CallOptions): Promise<EditResult>;
  /** The report as it is now. Needs a complete check. */
  report(): Promise<CheckResult>;
  elements(): Promise<ModelElements>;
  element(globalId: string): Promise<ElementDetails>;
  idsCheck(documents: readonly IdsDocument[], options?: IdsOptions): Promise<IdsReport>;
  /** Needs no model. */
  idsAudit(document: Bytes): Promise<IdsAudit>;
  /** Chooses modules by place; empty: all. The next `validate` starts from scratch. */
  setJurisdiction(place: string): Promise<void>;
  on<Event extends keyof CheckerEvents>(
    event: Event,
    listener: (detail: CheckerEvents[Event]) => void,
  ): () => void;
  /** Ends it: what is under way rejects with code `closed`. */
  close(): void;
}
