// Bytes from somewhere, in pieces.

import { PlancheckError } from "../errors.js";

/** Something that was opened for reading. */
export interface Opened {
  /** Bytes in all, where that is known. */
  size?: number | undefined;
  pieces: AsyncIterable<Uint8Array>;
}

/** Opens a URL. Rejects with `PlancheckError` of code `unreadable`. */
export type Open = (url: string, signal?: AbortSignal) => Promise<Opened>;

/** Large enough that its overhead does not count, small enough for progress to be seen. */
const PIECE = 4 << 20;

export async function openByFetch(url: string, signal?: AbortSignal): Promise<Opened> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    throw unreadable(url, error);
  }
  return openResponse(response);
}

export function openResponse(response: Response): Opened {
  if (!response.ok) throw unreadable(response.url, `the answer is ${response.status}`);
  if (!response.body) throw unreadable(response.url, "the answer has no body");
  const length = response.headers.get("content-length");
  // What is compressed on its way has another length at its end.
  const size = length === null || response.headers.has("content-encoding") ? undefined : Number(length);
  return { size, pieces: piecesOf(response.body, response.url) };
}

export async function* piecesOf(stream: ReadableStream<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  let whole = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!(value instanceof Uint8Array)) throw new TypeError("it does not give bytes");
      yield value;
    }
    whole = true;
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    if (!whole) void reader.cancel().catch(() => {});
  }
}

export function openBlob(blob: Blob): Opened {
  async function* pieces() {
    for (let at = 0; at < blob.size; at += PIECE) {
      try {
        yield new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
      } catch (error) {
        throw unreadable("the file", error);
      }
    }
  }
  return { size: blob.size, pieces: pieces() };
}

/** All of it, unless it is longer than `limit` bytes: then it throws `too-large`. */
export async function readAll(opened: Opened, limit: number): Promise<Uint8Array> {
  const tooLarge = (found: number) =>
    new PlancheckError("too-large", `has ${found} bytes, the limit is ${limit}`);
  if (opened.size !== undefined && opened.size > limit) throw tooLarge(opened.size);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of opened.pieces) {
    size += piece.byteLength;
    if (size > limit) throw tooLarge(size);
    pieces.push(piece);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}

export function unreadable(name: string, why: unknown): PlancheckError {
  if (why instanceof PlancheckError) return why;
  const reason = why instanceof Error ? why.message : String(why);
  return new PlancheckError("unreadable", name ? `${name}: ${reason}` : reason);
}
