// Edits on their way to the server: each is said until it is answered, under the same name, so it is made once.

import { PlancheckError } from "../errors.js";
import type { Edit } from "../types.js";
import type { LiveDelta, LiveEdited, Position } from "./messages.js";

/** Edits that are under way at the same time: fewer than a server takes of one client in a second. */
const WINDOW = 32;
/** Bytes of a message that a server takes. */
const LARGEST = 256 << 10;

interface Waiting {
  request: string;
  text: string;
  /** Said over the connection that is open now. */
  said: boolean;
  /** Its number, where the server said that it has it. */
  seq?: number;
  resolve: (answer: LiveEdited) => void;
  reject: (error: PlancheckError) => void;
}

export class Outbox {
  /** Tells edits of this connection from those of others, also of the same account. */
  readonly #here = randomName();
  #number = 0;
  readonly #waiting = new Map<string, Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  add(edits: Edit | readonly Edit[]): Promise<LiveEdited> {
    const request = this.#name();
    const text = JSON.stringify({ type: "edit", request, edits: Array.isArray(edits) ? edits : [edits] });
    if (new TextEncoder().encode(text).length > LARGEST) {
      const message = `edits of one call are ${LARGEST} bytes at most: make several of them`;
      return Promise.reject(new PlancheckError("too-large", message));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { request, text, said: false, resolve, reject });
    });
  }

  isMine(request: string): boolean {
    return request.startsWith(`${this.#here}-`);
  }

  #name(): string {
    return `${this.#here}-${++this.#number}`;
  }

  /** There is another connection, over which nothing was said yet. */
  reconnected(): void {
    for (const waiting of this.#waiting.values()) waiting.said = false;
  }

  /** The server has made it before, under this number: its delta was sent, maybe over a connection that was lost. */
  known(request: string, seq: number, seen: Position): void {
    const waiting = this.#waiting.get(request);
    if (!waiting) return;
    waiting.seq = seq;
    this.seen(seen);
  }

  /** Deltas up to here do not come any more. */
  seen({ epoch, seq }: Position): void {
    for (const [request, waiting] of this.#waiting) {
      if (waiting.seq === undefined || waiting.seq > seq) continue;
      this.#waiting.delete(request);
      waiting.resolve({ epoch, seq: waiting.seq });
    }
  }

  /** Says what was not said, in its order. */
  flush(send: (text: string) => void): void {
    let under = 0;
    for (const waiting of this.#waiting.values()) {
      if (under++ >= WINDOW) return;
      if (!waiting.said) say(waiting, send);
    }
  }

  /** Says one again that the server could not keep. */
  again(request: string): boolean {
    const waiting = this.#waiting.get(request);
    if (waiting) waiting.said = false;
    return waiting !== undefined;
  }

  answer(delta: LiveDelta): void {
    const { request, refused, epoch, seq } = delta;
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    if (refused) waiting?.reject(new PlancheckError(refused.code, refused.message, { cause: delta }));
    else waiting?.resolve({ epoch, seq, delta });
  }

  refuse(request: string, error: PlancheckError): boolean {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  refuseAll(error: PlancheckError): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}

function say(waiting: Waiting, send: (text: string) => void): void {
  waiting.said = true;
  send(waiting.text);
}

/** Also where `crypto.randomUUID` is missing: in pages that are not served securely. */
function randomName(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(9))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
