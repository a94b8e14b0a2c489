// The caller's side: every call becomes a message to the engine, every answer settles a promise.

import { PlancheckError, errorOf } from "./errors.js";
import { limitsOf } from "./limits.js";
import { type Platform, compileEngine } from "./platform.js";
import type { Port } from "./port.js";
import type { FromEngine, Operation, Operations } from "./protocol.js";
import type { EngineVersion, Problem } from "./report.js";
import { Result } from "./result.js";
import { Pump, compact, modelRequest, moduleRequests } from "./source.js";
import type {
  Bytes,
  CallOptions,
  CheckResult,
  Checker,
  CheckerEvents,
  CheckerOptions,
  Delta,
  Edit,
  EditResult,
  ElementDetails,
  IdsAudit,
  IdsDocument,
  IdsOptions,
  IdsReport,
  LoadOptions,
  ModelElements,
  ModelSource,
  ModelSummary,
  ModuleInfo,
  Progress,
  ValidateOptions,
} from "./types.js";

/** A call that waits for its answer. */
interface Waiting {
  settle(value: unknown): void;
  fail(error: unknown): void;
  progress: ((progress: Progress) => void) | undefined;
}

interface Sending {
  signal?: AbortSignal | undefined;
  transfer?: Transferable[];
  progress?: ((progress: Progress) => void) | undefined;
}

const CLOSED: Problem = { code: "closed", message: "the checker was closed" };

/** Makes a checker. Rejects with `PlancheckError`; a module that cannot be used is no error, `modules()` says so. */
export async function createCheckerOn(platform: Platform, options: CheckerOptions): Promise<Checker> {
  // JavaScript does not hold anybody to the type.
  if (typeof options !== "object" || options === null || !Array.isArray(options.modules)) {
    throw new PlancheckError(
      "bad-argument",
      'createChecker is given the codes to check: createChecker({ modules: ["us-ibc-2024.wasm"] }), each a URL or the bytes of a module file',
    );
  }
  const checker = new EngineChecker(platform, options.run ?? (platform.startEngine ? "worker" : "inline"));
  try {
    await checker.open(platform, options);
    return checker;
  } catch (error) {
    checker.close();
    throw error;
  }
}

class EngineChecker implements Checker {
  engine: EngineVersion = { version: "", digest: "" };
  readonly #port: Port;
  readonly #platform: Platform;
  /** The engine is in this thread: nothing is moved anywhere. */
  readonly #inline: boolean;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<keyof CheckerEvents, Set<(detail: never) => void>>();
  #modules: readonly ModuleInfo[] = [];
  #calls = 0;
  #over: Problem | undefined;

  constructor(platform: Platform, run: "worker" | "inline") {
    const events = {
      message: (message: unknown) => this.#receive(message as FromEngine),
      broken: (why: string) =>
        this.#end({ code: "session-over", message: `the engine's thread ended: ${why}` }),
    };
    this.#platform = platform;
    this.#inline = run === "inline";
    if (this.#inline) this.#port = platform.startInline(events);
    else if (platform.startEngine) this.#port = platform.startEngine(events);
    else throw new PlancheckError("no-workers", 'there are no workers here: use run: "inline"');
    this.#port.hold?.(false);
  }

  async open(platform: Platform, options: CheckerOptions): Promise<void> {
    const modules = moduleRequests(platform, options.modules);
    const opening = this.#call("open", {
      modules,
      jurisdiction: options.jurisdiction ?? "",
      limits: limitsOf(options.limits),
      trustedKeys: options.trustedKeys,
    });
    const compiling = compileEngine(platform, options.engine).then((engine) => this.#port.post({ engine }));
    const [opened] = await Promise.all([opening, compiling]);
    this.engine = opened.engine;
    this.#modules = opened.modules;
  }

  modules(): readonly ModuleInfo[] {
    return this.#modules;
  }

  async load(source: ModelSource, options: LoadOptions = {}): Promise<ModelSummary> {
    const { signal, name = "", keep = false, onProgress } = options;
    const { model, transfer, stream } = modelRequest(this.#platform, source, keep && !this.#inline);
    const heard = this.#progress(onProgress);
    if (!stream) return this.#call("load", { model, name }, { signal, transfer, progress: heard });
    const pump = new Pump();
    const progress = (progress: Progress) => {
      if (progress.phase === "read") pump.taken(progress.done);
      heard?.(progress);
    };
    const before = this.#calls;
    const loading = this.#call("load", { model, name }, { signal, progress });
    // A call that was refused at once has no number.
    if (this.#calls > before) void pump.run(stream, this.#port, this.#calls);
    return loading.finally(() => pump.end());
  }

  async validate(options: ValidateOptions = {}): Promise<CheckResult> {
    const started = performance.now();
    const { signal, detail = false, onProgress } = options;
    const progress = this.#progress(onProgress);
    const given = { detail, progress: progress !== undefined };
    const bytes = await this.#call("validate", given, { signal, progress });
    const result = new Result(bytes, performance.now() - started);
    this.#emit("report", result);
    return result;
  }

  async edit(edits: Edit | readonly Edit[], options: CallOptions = {}): Promise<EditResult> {
    const started = performance.now();
    const list = JSON.stringify(Array.isArray(edits) ? edits : [edits]);
    const delta = JSON.parse(await this.#call("edit", list, { signal: options.signal })) as Delta;
    const result = { delta, milliseconds: performance.now() - started };
    this.#emit("delta", result);
    return result;
  }

  async report(): Promise<CheckResult> {
    const started = performance.now();
    return new Result(await this.#call("report", null), performance.now() - started);
  }

  async elements(): Promise<ModelElements> {
    return JSON.parse(await this.#call("elements", null)) as ModelElements;
  }

  async element(globalId: string): Promise<ElementDetails> {
    return JSON.parse(await this.#call("element", globalId)) as ElementDetails;
  }

  async idsCheck(documents: readonly IdsDocument[], options: IdsOptions = {}): Promise<IdsReport> {
    const given = {
      documents: documents.map((document) => compact(document.bytes)),
      names: documents.map((document, at) => document.name ?? `document ${at + 1}`),
      most: options.most,
    };
    return JSON.parse(await this.#call("idsCheck", given, { signal: options.signal })) as IdsReport;
  }

  async idsAudit(document: Bytes): Promise<IdsAudit> {
    return JSON.parse(await this.#call("idsAudit", compact(document))) as IdsAudit;
  }

  async setJurisdiction(place: string): Promise<void> {
    this.#modules = await this.#call("setJurisdiction", place);
  }

  on<Event extends keyof CheckerEvents>(
    event: Event,
    listener: (detail: CheckerEvents[Event]) => void,
  ): () => void {
    let listeners = this.#listeners.get(event);
    if (!listeners) this.#listeners.set(event, (listeners = new Set()));
    // A function of its own: the same listener may be added twice.
    const added = (detail: CheckerEvents[Event]) => listener(detail);
    listeners.add(added);
    return () => void listeners.delete(added);
  }

  close(): void {
    this.#end(CLOSED);
  }

  #call<Op extends Operation>(
    op: Op,
    given: Operations[Op]["given"],
    sending: Sending = {},
  ): Promise<Operations[Op]["gives"]> {
    const { signal, transfer = [], progress } = sending;
    return new Promise((resolve, reject) => {
      if (this.#over) throw errorOf(this.#over);
      signal?.throwIfAborted();
      const id = ++this.#calls;
      const cancel = () => {
        this.#port.post({ cancel: id });
        this.#waiting.get(id)?.fail(signal?.reason);
      };
      const done = () => {
        this.#waiting.delete(id);
        signal?.removeEventListener("abort", cancel);
        if (this.#waiting.size === 0) this.#port.hold?.(false);
      };
      const settle = (value: unknown) => {
        done();
        resolve(value as Operations[Op]["gives"]);
      };
      const fail = (error: unknown) => {
        done();
        reject(error);
      };
      if (this.#waiting.size === 0) this.#port.hold?.(true);
      this.#waiting.set(id, { settle, fail, progress });
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        this.#post({ id, op, given }, transfer);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        fail(
          new PlancheckError("bad-argument", `it cannot be given to the engine: ${why}`, { cause: error }),
        );
      }
    });
  }

  #post(message: unknown, transfer: Transferable[]): void {
    try {
      this.#port.post(message, transfer);
    } catch (error) {
      // Some buffers may not be moved; they can be copied.
      if (transfer.length === 0) throw error;
      this.#port.post(message);
    }
  }

  #receive(message: FromEngine): void {
    if (typeof message !== "object" || message === null) return;
    if ("moduleFailed" in message) {
      this.#emit("module-failed", message.moduleFailed);
      return;
    }
    // An answer to a call that was cancelled has nobody who waits for it.
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if ("progress" in message) waiting.progress?.(message.progress);
    else if ("problem" in message) waiting.fail(errorOf(message.problem));
    else waiting.settle(message.value);
  }

  /** Whoever listens to progress, if anybody does. */
  #progress(own: ((progress: Progress) => void) | undefined): ((progress: Progress) => void) | undefined {
    if (!own && !this.#listeners.get("progress")?.size) return undefined;
    return (progress) => {
      if (own) guarded(() => own(progress));
      this.#emit("progress", progress);
    };
  }

  #emit<Event extends keyof CheckerEvents>(event: Event, detail: CheckerEvents[Event]): void {
    for (const listener of this.#listeners.get(event) ?? []) guarded(() => listener(detail as never));
  }

  #end(problem: Problem): void {
    if (this.#over) return;
    this.#over = problem;
    this.#port.end();
    for (const waiting of [...this.#waiting.values()]) waiting.fail(errorOf(problem));
  }
}

/** What a listener throws is reported like any error that nobody catches, and stops nothing else. */
function guarded(act: () => void): void {
  try {
    act();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
