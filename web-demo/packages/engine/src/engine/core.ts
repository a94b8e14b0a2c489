// The engine's side: one model, its modules, and the ferry between them. Knows no threads; messages come in, answers go out.

import { PlancheckError, problemOf } from "../errors.js";
import type { Answer, Question } from "../module/question.js";
import type { StartPort } from "../port.js";
import type {
  FromEngine,
  ModelRequest,
  Opening,
  Operation,
  Operations,
  Request,
  ToEngine,
} from "../protocol.js";
import type { Problem } from "../report.js";
import type { ModelSummary, ModuleInfo } from "../types.js";
import { type Call, type Engine, type Loaded, loadFace } from "./face.js";
import { type LoadedModule, infoOf, loadModules, slotOf } from "./modules.js";
import { type Open, type Opened, openBlob } from "./read.js";

export interface CoreContext {
  send(message: FromEngine, transfer?: ArrayBuffer[]): void;
  open: Open;
  /** How a module's thread is started; without, modules run in this one. */
  startModule?: StartPort | undefined;
}

/** One request on its way. */
interface Job {
  id: number;
  cancelled: boolean;
  /** Breaks off what it reads from elsewhere. */
  reading: AbortController;
}

/** A question that was asked. */
interface Asked {
  id: number;
  module: LoadedModule | undefined;
  /** How many rules it asks. */
  rules: number;
  answer: Answer | Promise<Answer>;
}

/** A memory that was larger than this when the engine gave up was too small for the model. */
const LARGE_MEMORY = 2 ** 31;

class Cancelled extends Error {}

export class Core {
  readonly #context: CoreContext;
  readonly #jobs = new Map<number, Job>();
  readonly #streams = new Map<number, Pieces>();
  #last: Promise<void> = Promise.resolve();
  #arrived: (loading: Promise<Loaded>) => void = () => {};
  readonly #loading = new Promise<Loaded>((resolve) => (this.#arrived = resolve));
  #loaded: Loaded | undefined;
  #engine: Engine | undefined;
  #modules: LoadedModule[] = [];
  /** Those of the jurisdiction, in the engine's order. */
  #chosen: LoadedModule[] = [];
  #detail = false;
  #name = "";
  #over: Problem | undefined;

  constructor(context: CoreContext) {
    this.#context = context;
  }

  /** Takes a message. Requests are worked on one after the other. */
  receive(message: ToEngine): void {
    if ("engine" in message) {
      this.#arrived(loadFace(message.engine));
    } else if ("cancel" in message) {
      const job = this.#jobs.get(message.cancel);
      if (job) cancel(job);
      this.#streams.get(message.cancel)?.end();
    } else if ("piece" in message) {
      this.#streams.get(message.piece)?.push(message);
    } else {
      const job = { id: message.id, cancelled: false, reading: new AbortController() };
      this.#jobs.set(job.id, job);
      if (message.op === "load" && "stream" in (message as Request<"load">).given.model) {
        this.#streams.set(job.id, new Pieces());
      }
      this.#last = this.#last.then(() => this.#run(job, message));
    }
  }

  end(): void {
    this.#over ??= { code: "closed", message: "the checker was closed" };
    for (const job of this.#jobs.values()) cancel(job);
    for (const stream of this.#streams.values()) stream.end();
    for (const module of this.#modules) if ("runner" in module) module.runner.end();
    this.#engine?.free();
    this.#engine = undefined;
  }

  async #run(job: Job, { op, given }: Request): Promise<void> {
    try {
      if (job.cancelled) throw new Cancelled();
      if (this.#over) throw new PlancheckError(this.#over.code, this.#over.message);
      const value = await this.#operate(job, op, given as never);
      const transfer = value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [];
      this.#context.send({ id: job.id, value }, transfer);
    } catch (error) {
      // What a cancelled call was waiting for breaks off in its own words.
      const cancelled = job.cancelled && !(error instanceof WebAssembly.RuntimeError);
      const problem =
        cancelled || error instanceof Cancelled
          ? { code: "cancelled", message: "cancelled" }
          : this.#problem(error);
      this.#context.send({ id: job.id, problem });
    } finally {
      this.#jobs.delete(job.id);
      this.#streams.delete(job.id);
    }
  }

  #operate<Op extends Operation>(job: Job, op: Op, given: Operations[Op]["given"]): unknown {
    switch (op) {
      case "open":
        return this.#open(given as Opening);
      case "load":
        return this.#load(job, given as Operations["load"]["given"]);
      case "validate":
        return this.#validate(job, given as Operations["validate"]["given"]);
      case "edit":
        return this.#edit(job, given as string);
      case "report":
        return this.#model().report();
      case "elements":
        return this.#model().elements();
      case "element":
        return this.#model().element(given as string);
      case "idsCheck":
        return this.#idsCheck(given as Operations["idsCheck"]["given"]);
      case "idsAudit":
        return this.#opened().idsAudit(given as Uint8Array);
      case "setJurisdiction":
        return this.#choose(given as string);
      default:
        throw new PlancheckError("internal", `there is no operation ${String(op)}`);
    }
  }

  async #open(opening: Opening): Promise<Operations["open"]["gives"]> {
    const { open, startModule } = this.#context;
    const { limits, trustedKeys } = opening;
    const face = this.#loading.then((loaded) => loaded.face);
    const loading = loadModules({ face, open, startModule, limits, trustedKeys }, opening.modules);
    this.#loaded = await this.#loading.catch((error: unknown) => {
      throw new PlancheckError("no-engine", `the engine could not be made: ${String(error)}`);
    });
    this.#modules = await loading;
    const modules = this.#choose(opening.jurisdiction);
    const { Engine } = this.#loaded.face;
    return { engine: { version: Engine.version(), digest: Engine.digest() }, modules };
  }

  /** The engine; there may be no model in it. */
  #opened(): Engine {
    if (!this.#loaded) throw new PlancheckError("not-open", "the checker could not be made");
    return (this.#engine ??= new this.#loaded.face.Engine());
  }

  #model(): Engine {
    if (!this.#engine) throw new PlancheckError("no-model", "load a model first");
    return this.#engine;
  }

  #choose(place: string): ModuleInfo[] {
    const { face } = this.#loaded as Loaded;
    if (this.#modules.length === 0) {
      throw new PlancheckError("no-modules", "there is no module: an empty ruleset would pass everything");
    }
    const ready = this.#modules.filter((module) => "manifest" in module);
    const applying = face.selectModules(
      place,
      ready.map((module) => module.manifest),
    );
    const applies = new Set<LoadedModule>([...applying].map((at) => ready[at] as LoadedModule));
    this.#chosen = this.#modules.filter((module) => "problem" in module || applies.has(module));
    if (this.#engine) this.#useModules(this.#engine);
    return this.#modules.map((module) => infoOf(module, applies.has(module)));
  }

  #useModules(engine: Engine): void {
    engine.useModules(JSON.stringify(this.#chosen.map(slotOf)));
  }

  async #load(job: Job, { model, name }: Operations["load"]["given"]): Promise<ModelSummary> {
    // The memory of the model before is used for this one.
    this.#opened().free();
    this.#engine = undefined;
    const engine = this.#opened();
    try {
      const options = JSON.stringify({ detail: this.#detail });
      let summary: string;
      if ("bytes" in model) {
        const total = model.bytes.byteLength;
        this.#progress(job, "load", 0, total);
        summary = engine.load(model.bytes, options);
      } else {
        const total = await this.#read(job, engine, await this.#source(job, model));
        this.#progress(job, "load", 0, total);
        summary = engine.loadFinish(options);
      }
      if (job.cancelled) throw new Cancelled();
      this.#useModules(engine);
      this.#name = name;
      return JSON.parse(summary) as ModelSummary;
    } catch (error) {
      this.#engine = undefined;
      if (!(error instanceof WebAssembly.RuntimeError)) engine.free();
      throw error;
    }
  }

  async #source(job: Job, model: Exclude<ModelRequest, { bytes: Uint8Array }>): Promise<Opened> {
    if ("blob" in model) return openBlob(model.blob);
    if ("url" in model) return this.#context.open(model.url, job.reading.signal);
    return { size: model.size, pieces: this.#streams.get(job.id) as Pieces };
  }

  async #read(job: Job, engine: Engine, { size, pieces }: Opened): Promise<number> {
    const MOST = 2 ** 32 - 1;
    if (size !== undefined && size > MOST) {
      throw new PlancheckError("model-too-large", `the model has ${size} bytes, at most ${MOST} can be read`);
    }
    engine.loadBegin(size ?? 0);
    let done = 0;
    for await (const piece of pieces) {
      if (job.cancelled) throw new Cancelled();
      engine.loadChunk(piece);
      done += piece.byteLength;
      this.#progress(job, "read", done, size);
    }
    if (job.cancelled) throw new Cancelled();
    return done;
  }

  async #validate(job: Job, { detail, progress }: Operations["validate"]["given"]): Promise<Uint8Array> {
    const engine = this.#model();
    if (detail !== this.#detail) engine.setDetail(detail);
    this.#detail = detail;
    await this.#judge(job, engine, progress);
    return engine.report();
  }

  async #edit(job: Job, edits: string): Promise<string> {
    const engine = this.#model();
    try {
      engine.edit(edits);
    } catch (error) {
      // Edits before the one that was refused are made: what depends on them is judged, and told with the next delta.
      if (!(error instanceof WebAssembly.RuntimeError)) await this.#judge(job, engine, false);
      throw error;
    }
    await this.#judge(job, engine, false);
    return engine.delta();
  }

  /**
   * Carries questions to modules and answers back, until none is left. All questions that can be asked are on their way
   * at once, but answers are given to the engine in the order of asking.
   */
  async #judge(job: Job, engine: Engine, progress: boolean): Promise<void> {
    const total = progress ? this.#rules() : 0;
    let judged = 0;
    const open: Asked[] = [];
    let call = engine.nextCall();
    for (;;) {
      if (job.cancelled) throw new Cancelled();
      for (; call; call = engine.furtherCall()) open.push(this.#ask(call));
      const first = open.shift();
      if (!first) return;
      const answer = await first.answer;
      if (job.cancelled) throw new Cancelled();
      // After a failure of its module it will be asked again.
      if (engine.isOpen(first.id)) {
        const problem = reply(engine, first.id, answer);
        if (problem && first.module)
          this.#context.send({ moduleFailed: { module: first.module.id, ...problem } });
        judged += first.rules;
        if (progress) this.#progress(job, "judge", Math.min(judged, total), total);
      }
      call = engine.furtherCall();
    }
  }

  /** Sends a question to its module. */
  #ask(call: Call): Asked {
    const { id, module } = call;
    const question: Question = {
      kind: call.kind,
      asked: call.asked,
      view: call.view,
      rows: call.rows,
      layout: call.layout,
      numbers: call.numbers,
      symbols: call.symbols,
      text: call.text,
      textEnds: call.textEnds,
      parameters: call.parameters,
      detail: call.detail,
    };
    call.free();
    const asked = this.#chosen[module];
    return {
      id,
      module: asked,
      rules: question.kind === "evaluate" ? question.asked.length : 0,
      answer: asked && "runner" in asked ? asked.runner.ask(question) : missing(module),
    };
  }

  #rules(): number {
    return this.#chosen.reduce((sum, module) => sum + ("info" in module ? module.info.rules.length : 0), 0);
  }

  #idsCheck({ documents, names, most }: Operations["idsCheck"]["given"]): string {
    return this.#model().idsCheck(documents, JSON.stringify({ model: this.#name, names, most }));
  }

  #progress(job: Job, phase: "read" | "load" | "judge", done: number, total: number | undefined): void {
    const progress = total === undefined ? { phase, done } : { phase, done, total };
    this.#context.send({ id: job.id, progress });
  }

  /** What went wrong. When the engine itself broke down, that was its end. */
  #problem(error: unknown): Problem {
    const text = error instanceof Error ? error.message : "";
    const deep =
      error instanceof Error && !(error instanceof PlancheckError) && /call stack|recursion/i.test(text);
    if (!deep && !(error instanceof WebAssembly.RuntimeError)) return problemOf(error);
    this.#over = {
      code: "session-over",
      message: `the session ended when the engine stopped: ${text}; make a new checker`,
    };
    this.#engine = undefined;
    const bytes = this.#loaded?.memory.buffer.byteLength ?? 0;
    if (bytes < LARGE_MEMORY) return { code: "engine-stopped", message: `the engine stopped: ${text}` };
    return {
      code: "model-too-large",
      message: `the model is too large: checking it needs more than ${bytes >> 20} MiB of memory`,
    };
  }
}

function cancel(job: Job): void {
  job.cancelled = true;
  job.reading.abort();
}

/** Gives an answer to the engine. Returns why it is none, also when only the engine sees that. */
function reply(engine: Engine, id: number, answer: Answer): Problem | undefined {
  if ("failure" in answer) {
    engine.replyFailure(id, JSON.stringify(answer.failure));
    return answer.failure;
  }
  const refused =
    "verdicts" in answer
      ? engine.replyVerdicts(id, ...answer.verdicts)
      : engine.replyColumns(id, ...answer.columns);
  return refused === undefined ? undefined : (JSON.parse(refused) as Problem);
}

function missing(module: number): Answer {
  return { failure: { code: "no-such-module", message: `the ruleset has no module ${module}` } };
}

/** Pieces of a stream that somebody else reads. */
class Pieces implements AsyncIterable<Uint8Array> {
  readonly #waiting: { bytes?: Uint8Array; problem?: Problem }[] = [];
  #wake: () => void = () => {};

  push(piece: { bytes?: Uint8Array; problem?: Problem }): void {
    this.#waiting.push(piece);
    this.#wake();
  }

  /** Nothing comes any more. */
  end(): void {
    this.push({});
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#waiting.shift();
      if (!next) await new Promise<void>((wake) => (this.#wake = wake));
      else if (next.problem) throw new PlancheckError(next.problem.code, next.problem.message);
      else if (!next.bytes) return;
      else yield next.bytes;
    }
  }
}
