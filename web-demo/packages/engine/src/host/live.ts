// One building's live connection: connects, says who it is, goes on where it stopped.

import { PlancheckError } from "../errors.js";
import type { Edit } from "../types.js";
import {
  CLOSED,
  messageOf,
  modelOf,
  type FromServer,
  type Live,
  type LiveEdited,
  type LiveEvents,
  type LiveOptions,
  type LiveStatus,
  type Position,
  type WebSocketClass,
  type WebSocketLike,
  type WireDelta,
} from "./messages.js";
import { Outbox } from "./outbox.js";
import type { Session } from "./session.js";

/** Milliseconds before the second attempt; twice as many before each further one, and never more than the last. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** Who sent too much, and whom there is no room for, waits at least so long. */
const POLITE_PAUSE = 2_000;
/** A connection that lasted so long was a good one: the next pause is the first again. */
const GOOD = 10_000;
/** For a connection to open, and for the first message: the server may have to check the building first. */
const OPENING = 15_000;
const JOINING = 180_000;
/** After so long without a word the server is asked whether it is there, and has so long to answer. */
const SILENCE = 30_000;
const PONG = 10_000;
/** Between two things that are shown to others. */
const SHOWING = 200;
/** A building whose check failed so often in a row cannot be checked. */
const MOST_FAILURES = 3;

export class LiveConnection implements Live {
  readonly building: string;
  readonly #url: string;
  /** For people. */
  readonly #silent: string;
  readonly #session: Session;
  readonly #WebSocket: WebSocketClass;
  readonly #listeners = new Map<keyof LiveEvents, Set<(detail: never) => void>>();
  readonly #outbox = new Outbox();
  readonly #stopListening: () => void;
  #status: LiveStatus = { state: "connecting" };
  #position: Position | undefined;
  #socket: WebSocketLike | undefined;
  /** Edits may be said: what was missed is known, or was sent. */
  #ready = false;
  /** The token that this connection knows. */
  #told: string | undefined;
  /** A token was refused, and none was accepted since. */
  #refused = false;
  #attempts = 0;
  #failures = 0;
  #since = 0;
  #why = "";
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #renew: ReturnType<typeof setTimeout> | undefined;
  /** What others are shown: said last, and what is to be said next. */
  #showing: { timer?: ReturnType<typeof setTimeout> | undefined; next?: string; last?: string } = {};
  /** What was shown and has not come back: the server tells everybody. */
  #echoes: string[] = [];
  #me = "";
  readonly #online = () => {
    if (this.#status.state === "reconnecting") void this.#connect();
  };

  constructor(
    base: string,
    building: string,
    session: Session,
    WebSocket: WebSocketClass,
    options: LiveOptions,
  ) {
    this.building = building;
    this.#silent = `the server at ${new URL(base).origin} does not answer`;
    this.#url = `${base.replace(/^http/, "ws")}/api/v1/ws/validation/${encodeURIComponent(building)}`;
    this.#session = session;
    this.#WebSocket = WebSocket;
    this.#position = options.resume && { ...options.resume };
    this.#stopListening = session.onChange(() => this.#tokenChanged());
    globalThis.addEventListener?.("online", this.#online);
    // Listeners are put on first.
    queueMicrotask(() => void this.#connect());
  }

  get status(): LiveStatus {
    return this.#status;
  }

  get position(): Position | undefined {
    return this.#position && { ...this.#position };
  }

  get waiting(): number {
    return this.#outbox.size;
  }

  on<Event extends keyof LiveEvents>(
    event: Event,
    listener: (detail: LiveEvents[Event]) => void,
  ): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  edit(edits: Edit | readonly Edit[]): Promise<LiveEdited> {
    if (this.#isClosed()) return Promise.reject(new PlancheckError("closed", "the connection was closed"));
    const answer = this.#outbox.add(edits);
    this.#flush();
    return answer;
  }

  highlight({ elements, finding }: { elements: readonly string[]; finding?: string }): void {
    if (this.#isClosed()) return;
    const shown = { elements: elements.slice(0, 200), ...(finding === undefined ? {} : { finding }) };
    this.#showing.next = JSON.stringify({ type: "highlight", ...shown });
    if (this.#showing.timer === undefined) this.#show();
  }

  close(): void {
    this.#end(undefined);
  }

  #show(): void {
    this.#showing.timer = undefined;
    const { next } = this.#showing;
    if (next === undefined || !this.#ready) return;
    delete this.#showing.next;
    this.#showing.last = next;
    this.#echoes = [...this.#echoes.slice(-20), echoOf(JSON.parse(next) as Shown)];
    this.#send(next);
    this.#showing.timer = setTimeout(() => this.#show(), SHOWING);
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retry);
    this.#say({ state: "connecting" });
    let token: string | undefined;
    try {
      token = await this.#session.token();
    } catch (error) {
      if (this.#status.state !== "connecting") return;
      const wrong = error as PlancheckError;
      if (wrong.code === "unauthorized") this.#end(wrong);
      else this.#pause(wrong.message);
      return;
    }
    // It was closed meanwhile.
    if (this.#status.state !== "connecting" || this.#socket) return;
    if (token === undefined) return this.#end(loggedOut());
    this.#open(token);
  }

  #open(token: string): void {
    let socket: WebSocketLike;
    try {
      socket = new this.#WebSocket(this.#url);
    } catch (error) {
      return this.#end(new PlancheckError("unreadable", `${this.#url}: ${String(error)}`));
    }
    this.#socket = socket;
    this.#told = token;
    this.#why = "";
    this.#expect(OPENING);
    /** What an older connection has to say is not heard. */
    const heard =
      <Event>(listener: (event: Event) => void) =>
      (event: Event) => {
        if (this.#socket === socket) listener(event);
      };
    socket.addEventListener(
      "open",
      heard(() => {
        this.#expect(JOINING);
        this.#send(JSON.stringify({ type: "hello", token, ...this.#position }));
      }),
    );
    socket.addEventListener(
      "message",
      heard(({ data }: { data: unknown }) => {
        const message = messageOf(data);
        this.#listen();
        if (message) this.#hear(message);
      }),
    );
    socket.addEventListener(
      "close",
      heard(({ code, reason }: { code: number; reason: unknown }) => this.#closed(code, String(reason))),
    );
    // Node's and browsers' tell the end by `close`, too.
    socket.addEventListener("error", () => undefined);
  }

  /** Leaves a connection that does not answer, in this time. */
  #expect(time: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#drop(this.#silent), time);
  }

  /** Something was heard: the server is there. */
  #listen(): void {
    clearTimeout(this.#watch);
    if (this.#status.state !== "live") return this.#expect(JOINING);
    this.#watch = setTimeout(() => {
      this.#send('{"type":"ping"}');
      this.#expect(PONG);
    }, SILENCE);
  }

  /** Ends the connection from here and makes another one. */
  #drop(why: string): void {
    const socket = this.#socket;
    this.#socket = undefined;
    closeQuietly(socket);
    this.#lost();
    this.#pause(why);
  }

  #hear(message: FromServer): void {
    switch (message.type) {
      case "connection_status":
        return this.#joined(message);
      case "validation_update":
        return message.kind === "full" ? this.#full(message) : this.#delta(message);
      case "compliance_score": {
        const { epoch, seq, summary } = message;
        return this.#emit("score", { epoch, seq, summary });
      }
      case "validation_highlight":
        return this.#highlighted(message);
      case "rule_check":
        return this.#emit("progress", { judged: message.judged, rules: message.rules });
      case "presence":
        return this.#emit("presence", { clients: message.clients, people: message.people });
      case "edit_known": {
        const { request, epoch, seq } = message;
        // Of another model: the full state follows, and says so.
        if (this.#position && modelOf(this.#position) === modelOf({ epoch, seq }))
          this.#outbox.known(request, seq, this.#position);
        return this.#flush();
      }
      case "error":
        return this.#wrong(message);
    }
  }

  #joined(message: FromServer & { type: "connection_status" }): void {
    const { recovered, you, clients } = message;
    this.#refused = false;
    this.#failures = 0;
    this.#since = Date.now();
    this.#me = you.name;
    this.#outbox.reconnected();
    this.#say({ state: "live", recovered, you, clients });
    this.#listen();
    this.#planRenewal();
    // The token may have been renewed while this connection was made.
    this.#tokenChanged();
    if (recovered) this.#begin();
  }

  /** From here on things may be said. */
  #begin(): void {
    this.#ready = true;
    this.#flush();
    // Whoever came meanwhile has not seen it.
    if (this.#showing.last !== undefined) this.#showing.next ??= this.#showing.last;
    if (this.#showing.timer === undefined) this.#show();
  }

  #full(message: FromServer & { type: "validation_update"; kind: "full" }): void {
    const { epoch, seq, report } = message;
    const before = this.#position;
    this.#position = { epoch, seq };
    if (before && modelOf(before) !== modelOf({ epoch, seq })) {
      const text = "another model was uploaded while the edit was on its way";
      this.#outbox.refuseAll(new PlancheckError("model-replaced", text));
    }
    this.#emit("full", { epoch, seq, report });
    this.#outbox.seen({ epoch, seq });
    if (!this.#ready) this.#begin();
  }

  #delta(message: WireDelta): void {
    const { epoch, seq, delta, edits, by, request, refused } = message;
    const mine = this.#outbox.isMine(request);
    const update = { epoch, seq, delta, edits, by, request, mine, ...(refused ? { refused } : {}) };
    const position = this.#position;
    if (position?.epoch === epoch && seq === position.seq + 1) {
      position.seq = seq;
      this.#emit("delta", update);
    } else if (position?.epoch === epoch && seq > position.seq) {
      // Something was lost, which must not be: what is missing is asked for.
      return this.#drop("an update is missing");
    }
    // Of another epoch: the full state follows.
    this.#outbox.answer(update);
    this.#flush();
  }

  #highlighted({ by, elements, finding }: FromServer & { type: "validation_highlight" }): void {
    const shown = { by, elements, ...(finding == null ? {} : { finding }) };
    const echo = by === this.#me ? this.#echoes.indexOf(echoOf(shown)) : -1;
    if (echo >= 0) this.#echoes.splice(echo, 1);
    else this.#emit("highlight", shown);
  }

  #wrong({ code, message, request }: FromServer & { type: "error" }): void {
    this.#why = message;
    if (request !== undefined && code === "store-unavailable" && this.#outbox.again(request)) {
      setTimeout(() => this.#flush(), POLITE_PAUSE);
      return;
    }
    const error = new PlancheckError(code, message);
    if (request === undefined || !this.#outbox.refuse(request, error)) this.#emit("error", error);
    this.#flush();
  }

  #flush(): void {
    if (this.#ready) this.#outbox.flush((text) => this.#send(text));
  }

  #send(text: string): void {
    try {
      this.#socket?.send(text);
    } catch {
      // It is about to close: that will be told.
    }
  }

  #planRenewal(): void {
    clearTimeout(this.#renew);
    const time = this.#session.renewIn;
    if (time === undefined) return;
    // Renewing tells all connections of the session. Longer times than timers have are planned again.
    const renew = () =>
      void this.#session
        .token()
        .catch(() => undefined)
        .then(() => {
          if (this.#socket && (this.#session.renewIn ?? 1) <= 0)
            this.#renew = setTimeout(() => this.#planRenewal(), POLITE_PAUSE);
        });
    this.#renew = setTimeout(renew, Math.min(Math.max(time, 0) + 20, 0x7fff_ffff));
  }

  #tokenChanged(): void {
    const token = this.#session.current;
    if (token === undefined) return this.#end(loggedOut());
    if (this.#status.state !== "live" || token === this.#told) return;
    this.#told = token;
    this.#send(JSON.stringify({ type: "renew", token }));
    this.#planRenewal();
  }

  #lost(): void {
    this.#ready = false;
    this.#echoes = [];
    clearTimeout(this.#watch);
    clearTimeout(this.#renew);
    if (this.#status.state === "live" && Date.now() - this.#since > GOOD) this.#attempts = 0;
  }

  #closed(code: number, reason: string): void {
    this.#socket = undefined;
    this.#lost();
    // 1006: it was never made, or broke off without a word.
    const lost = code === 1006 ? this.#silent : `the connection was lost (${code})`;
    const why = this.#why || reason || lost;
    switch (code) {
      case CLOSED.unauthorized:
        return void this.#unauthorized(why);
      case CLOSED.forbidden:
        return this.#end(new PlancheckError("forbidden", why));
      case CLOSED.noBuilding:
        return this.#end(new PlancheckError("no-such-building", why));
      case CLOSED.badMessage:
        return this.#end(new PlancheckError("bad-message", why));
      case CLOSED.failed:
        if (++this.#failures >= MOST_FAILURES) return this.#end(new PlancheckError("check-failed", why));
        return this.#pause(why, code);
      default:
        return this.#pause(why, code);
    }
  }

  /** The token may just have expired: with another one it goes on at once. */
  async #unauthorized(why: string): Promise<void> {
    const refused = this.#told;
    if (this.#refused || refused === undefined) return this.#end(new PlancheckError("unauthorized", why));
    this.#refused = true;
    this.#say({ state: "connecting" });
    try {
      const next = await this.#session.renewed(refused);
      if (this.#status.state !== "connecting") return;
      if (next === undefined) return this.#end(new PlancheckError("unauthorized", why));
      await this.#connect();
    } catch (error) {
      if (this.#status.state !== "connecting") return;
      if ((error as PlancheckError).code === "unauthorized") this.#end(error as PlancheckError);
      else {
        this.#refused = false;
        this.#pause((error as Error).message, CLOSED.unauthorized);
      }
    }
  }

  /** Waits, each time longer, by a random part of it: a thousand clients of a server that restarts come one by one. */
  #pause(why: string, code?: number): void {
    const longest = Math.min(FIRST_PAUSE * 2 ** this.#attempts++, LONGEST_PAUSE);
    const polite = code === 1013 || code === CLOSED.tooMany || code === CLOSED.failed ? POLITE_PAUSE : 0;
    const after = Math.round(polite + longest * (0.5 + Math.random() / 2));
    this.#say({ state: "reconnecting", why, after, ...(code === undefined ? {} : { code }) });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), after);
  }

  #end(error: PlancheckError | undefined): void {
    if (this.#isClosed()) return;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#lost();
    clearTimeout(this.#retry);
    clearTimeout(this.#showing.timer);
    this.#stopListening();
    globalThis.removeEventListener?.("online", this.#online);
    closeQuietly(socket);
    this.#say({ state: "closed" });
    this.#outbox.refuseAll(
      new PlancheckError("closed", error?.message ?? "the connection was closed", error && { cause: error }),
    );
    this.#emit("closed", error);
  }

  #isClosed(): boolean {
    return this.#status.state === "closed";
  }

  #say(status: LiveStatus): void {
    this.#status = status;
    this.#emit("status", status);
  }

  #emit<Event extends keyof LiveEvents>(event: Event, detail: LiveEvents[Event]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as (detail: LiveEvents[Event]) => void)(detail);
      } catch (error) {
        // A listener's fault is its owner's: the connection goes on, and the fault is not hidden.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

interface Shown {
  elements: readonly string[];
  finding?: string;
}

const echoOf = ({ elements, finding }: Shown): string => JSON.stringify([elements, finding ?? null]);

function closeQuietly(socket: WebSocketLike | undefined): void {
  try {
    socket?.close(1000);
  } catch {
    // It was never open.
  }
}

function loggedOut(): PlancheckError {
  return new PlancheckError("unauthorized", "nobody is logged in");
}
