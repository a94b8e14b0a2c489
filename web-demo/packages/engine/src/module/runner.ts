// Modules as the engine's thread sees them: asked something, they answer, whatever happens.

import { failed, problemOf } from "../errors.js";
import { COMPILE_TIMEOUT, DESCRIBE_DEADLINE, type Limits, START_TIMEOUT } from "../limits.js";
import type { Port, StartPort } from "../port.js";
import type { Problem } from "../report.js";
import { Guest } from "./guest.js";
import { type Answer, type Question, packQuestion, transferable, unpackAnswer } from "./question.js";
import { type FromModule, type Start, compile } from "./serve.js";
import { Stop } from "./traps.js";

export interface Runner {
  /** May be asked more before it has answered: it answers one after the other. */
  ask(question: Question): Answer | Promise<Answer>;
  end(): void;
}

/** A module that was started, with the text of its manifest. */
export interface Started {
  runner: Runner;
  manifest: string;
}

type Code = WebAssembly.Module | ArrayBuffer;

/** Runs a module in this thread. There is no deadline: nothing could end it. */
export async function startInline(given: Promise<Code>, limits: Limits): Promise<Started> {
  const code = await given;
  const module = code instanceof WebAssembly.Module ? code : await compile(code);
  const guest = new Guest(module, limits.moduleMemory);
  return { manifest: guest.describe(), runner: { ask: (question) => guest.ask(question), end() {} } };
}

/**
 * Runs a module in a thread of its own, which is ended when it gives no answer in time. The thread starts while the
 * code is still being read. Throws `Stop`.
 */
export async function startThread(start: StartPort, code: Promise<Code>, limits: Limits): Promise<Started> {
  const thread = new Thread(start, code, limits.moduleMemory, true);
  const { compiled, manifest } = await thread.started.catch((error: unknown) => {
    thread.end();
    throw error;
  });
  if (manifest === undefined) throw new Stop(failed.host("it did not describe itself"));
  return { manifest, runner: new ThreadRunner(start, thread, compiled, limits) };
}

/** One thread after the other: the next one is started while the last one still has half its time. */
class ThreadRunner implements Runner {
  readonly #start: () => Thread;
  readonly #deadline: number;
  #thread: Thread;
  #ended = false;
  #next: Thread | undefined;

  constructor(start: StartPort, first: Thread, code: WebAssembly.Module, limits: Limits) {
    this.#thread = first;
    this.#deadline = limits.moduleDeadline;
    this.#start = () => {
      const thread = new Thread(start, Promise.resolve(code), limits.moduleMemory, false);
      // Whoever asks it is told.
      thread.started.catch(() => {});
      return thread;
    };
  }

  async ask(question: Question): Promise<Answer> {
    if (this.#ended) return { failure: failed.host("it was ended") };
    if (this.#thread.over) {
      this.#thread = this.#next ?? this.#start();
      this.#next = undefined;
    }
    return this.#thread.ask(question, this.#deadline, () => (this.#next ??= this.#start()));
  }

  end(): void {
    this.#ended = true;
    this.#thread.end();
    this.#next?.end();
  }
}

interface Ready {
  compiled: WebAssembly.Module;
  manifest: string | undefined;
}

/** A question that was sent to a thread. */
interface Open {
  id: number;
  /** Milliseconds, from when all questions before it are answered. */
  deadline: number;
  /** Is called when half of them are over. */
  late: () => void;
  settle(answer: Answer): void;
}

/** A thread with a module in it. Answers questions one after the other; after a failure of the thread it is over. */
class Thread {
  readonly started: Promise<Ready>;
  over = false;
  readonly #port: Port;
  #take: (message: FromModule) => void = () => {};
  #fail: (problem: Problem) => void = () => {};
  #asked = 0;
  /** In the order in which they are answered. */
  readonly #open: Open[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(start: StartPort, code: Promise<Code>, limit: number, describe: boolean) {
    const { promise, resolve, reject } = withResolvers<Ready>();
    this.started = promise;
    let compiled: WebAssembly.Module | undefined;
    let timer: ReturnType<typeof setTimeout>;
    const within = (milliseconds: number, problem: Problem) => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#end(problem), milliseconds);
    };
    this.#fail = (problem) => {
      clearTimeout(timer);
      reject(new Stop(problem));
    };
    this.#take = (message) => {
      if ("compiled" in message && message.compiled instanceof WebAssembly.Module) {
        compiled = message.compiled;
        within(DESCRIBE_DEADLINE, failed.deadline(DESCRIBE_DEADLINE));
      } else if ("ready" in message && compiled && (!describe || typeof message.manifest === "string")) {
        clearTimeout(timer);
        resolve({ compiled, manifest: message.manifest });
      } else {
        this.#end(refusal(message));
      }
    };
    this.#port = start({
      message: (message) => this.#receive(message),
      broken: (why) => this.#end(failed.host(why)),
    });
    const begin = (code: Code) => {
      if (this.over) return;
      within(START_TIMEOUT + COMPILE_TIMEOUT, failed.compileTimeout(COMPILE_TIMEOUT));
      const first: Start = { code, limit, describe };
      this.#port.post(first, code instanceof WebAssembly.Module ? [] : [code]);
    };
    code.then(begin).catch((error: unknown) => this.#end(reasonOf(error)));
  }

  /** `late` is called when half of the time is over. */
  async ask(question: Question, deadline: number, late: () => void): Promise<Answer> {
    try {
      await this.started;
    } catch (error) {
      return { failure: reasonOf(error) };
    }
    if (this.over) return { failure: failed.host("its thread ended") };
    const id = ++this.#asked;
    const { promise, resolve } = withResolvers<Answer>();
    this.#open.push({ id, deadline, late, settle: resolve });
    if (this.#open.length === 1) this.#next();
    try {
      const packed = packQuestion(question);
      this.#port.post({ id, question: packed }, transferable(packed.lists));
    } catch (error) {
      this.#end(failed.host(String(error)));
    }
    return promise;
  }

  /** The first open question has the thread from now on. */
  #next(): void {
    clearTimeout(this.#timer);
    const [first] = this.#open;
    this.#take = (message) => this.#answered(message);
    this.#fail = (failure) => this.#giveUp(failure);
    if (!first) return;
    const { deadline, late } = first;
    this.#timer = setTimeout(() => {
      late();
      this.#timer = setTimeout(() => this.#end(failed.deadline(deadline)), deadline / 2);
    }, deadline / 2);
  }

  #answered(message: FromModule): void {
    const [first] = this.#open;
    const answer = first && "id" in message && message.id === first.id && unpackAnswer(message.answer);
    if (answer) {
      this.#open.shift();
      this.#next();
      first.settle(answer);
    } else {
      this.#end(refusal(message));
    }
  }

  #giveUp(failure: Problem): void {
    clearTimeout(this.#timer);
    for (const open of this.#open.splice(0)) {
      open.settle({ failure });
      // It was another's fault.
      failure = failed.host("its thread ended");
    }
  }

  end(): void {
    this.#end(failed.host("it was ended"));
  }

  #receive(message: unknown): void {
    if (this.over) return;
    if (typeof message === "object" && message !== null) this.#take(message as FromModule);
    else this.#end(refusal(message));
  }

  #end(problem: Problem): void {
    this.over = true;
    this.#port.end();
    this.#fail(problem);
  }
}

/** Why a thread is given up that said something else than was asked. */
function refusal(message: unknown): Problem {
  const { refused } = (message ?? {}) as { refused?: Problem };
  if (typeof refused?.code === "string" && typeof refused.message === "string") return refused;
  return failed.host("its thread said what nobody asked");
}

const reasonOf = (error: unknown): Problem =>
  error instanceof Stop ? error.problem : problemOf(error, "host");

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
