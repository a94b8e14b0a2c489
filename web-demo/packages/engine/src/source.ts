// What callers give, made ready for the engine's thread.

import { type Opened, openBlob, openResponse, piecesOf } from "./engine/read.js";
import { PlancheckError, problemOf } from "./errors.js";
import type { Platform } from "./platform.js";
import type { Port } from "./port.js";
import type { ModelRequest, ModuleRequest } from "./protocol.js";
import type { Bytes, ModelSource, ModuleDemands, ModuleSource } from "./types.js";

/** The bytes alone: of a view, not all of the buffer that it looks into. */
export function compact(bytes: Bytes): Uint8Array {
  const view = viewOf(bytes);
  return view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer
    ? view
    : view.slice();
}

function viewOf(bytes: Bytes): Uint8Array {
  const isBuffer = bytes instanceof ArrayBuffer;
  if (!isBuffer && !ArrayBuffer.isView(bytes)) {
    throw new PlancheckError("bad-argument", "neither an ArrayBuffer nor a view of one");
  }
  try {
    return isBuffer
      ? new Uint8Array(bytes)
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw new PlancheckError("bad-argument", "the bytes were moved elsewhere already", { cause: error });
  }
}

export function moduleRequests(platform: Platform, sources: readonly ModuleSource[]): ModuleRequest[] {
  if (!Array.isArray(sources))
    throw new PlancheckError("bad-argument", "`modules` is a list of module files");
  return sources.map((source: ModuleSource, at) => {
    if (typeof source === "string" || source instanceof URL) source = { url: source };
    if (typeof source !== "object" || source === null)
      throw new PlancheckError("bad-argument", `modules[${at}] is no module file`);
    const { digest, signature, name, preview } = source as ModuleDemands;
    for (const [key, value] of Object.entries({ digest, name })) {
      if (value !== undefined && typeof value !== "string")
        throw new PlancheckError("bad-argument", `modules[${at}].${key} is no text`);
    }
    if (signature !== undefined && typeof signature !== "string" && !(signature instanceof URL))
      throw new PlancheckError("bad-argument", `modules[${at}].signature is neither a text nor a URL`);
    if (preview !== undefined && typeof preview !== "boolean")
      throw new PlancheckError("bad-argument", `modules[${at}].preview is neither true nor false`);
    const request = {
      preview: preview === true,
      digest,
      signature: signature instanceof URL ? { url: signature.href } : textOf(signature),
    };
    if ("url" in source) {
      const url = platform.resolve(source.url);
      return { ...request, name: name ?? stem(url), from: { url } };
    }
    if ("unavailable" in source) {
      return { ...request, name: name ?? `module-${at + 1}`, from: { problem: source.unavailable } };
    }
    const from =
      "core" in source
        ? { component: compact(source.component), core: source.core }
        : { bytes: compact(source.bytes) };
    return { ...request, name: name ?? `module-${at + 1}`, from };
  });
}

function textOf(signature: string | undefined): { text: string } | undefined {
  return signature === undefined ? undefined : { text: signature };
}

/** The name of a file without its extension, as the host calls a module whose id is not known. */
function stem(url: string): string {
  const file =
    url
      .replace(/[?#].*/, "")
      .split("/")
      .pop() ?? "";
  const name = file.replace(/(.)\.[^.]*$/, "$1");
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

interface Prepared {
  model: ModelRequest;
  transfer: Transferable[];
  /** Is to be read here and sent piece by piece. */
  stream?: Opened;
}

export function modelRequest(platform: Platform, source: ModelSource, keep: boolean): Prepared {
  if (typeof source === "string" || source instanceof URL) {
    return { model: { url: platform.resolve(source) }, transfer: [] };
  }
  if (source instanceof Blob) {
    return platform.movesBlobs ? { model: { blob: source }, transfer: [] } : streamed(openBlob(source));
  }
  if (source instanceof Response) return streamed(opened(source));
  if (source instanceof ReadableStream) return streamed({ pieces: piecesOf(source, "the stream") });
  const view = viewOf(source);
  const whole = compact(source);
  const own = keep && whole.buffer === view.buffer ? whole.slice() : whole;
  return { model: { bytes: own }, transfer: [own.buffer as ArrayBuffer] };
}

/** A response; one that is an error breaks when it is read, as any other source does. */
function opened(response: Response): Opened {
  try {
    return openResponse(response);
  } catch (error) {
    const broken = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(error) });
    return { pieces: piecesOf(broken, response.url) };
  }
}

function streamed(stream: Opened): Prepared {
  return { model: { stream: true, size: stream.size }, transfer: [], stream };
}

/** Sends a stream piece by piece, no faster than the engine takes it, until it ends or nobody wants it any more. */
export class Pump {
  /** Bytes that may be on their way: enough to keep the engine busy, little enough to let the page go on. */
  static readonly #WINDOW = 8 << 20;
  #sent = 0;
  #taken = 0;
  #over = false;
  #wake: () => void = () => {};

  /** The engine has so many bytes now. */
  taken(bytes: number): void {
    this.#taken = bytes;
    this.#wake();
  }

  /** The call that wanted the stream has ended, one way or another. */
  end(): void {
    this.#over = true;
    this.#wake();
  }

  async run(stream: Opened, port: Port, id: number): Promise<void> {
    try {
      for await (const piece of stream.pieces) {
        while (!this.#over && this.#sent - this.#taken > Pump.#WINDOW) {
          await new Promise<void>((wake) => (this.#wake = wake));
        }
        if (this.#over) return;
        const bytes = compact(piece);
        this.#sent += bytes.byteLength;
        port.post({ piece: id, bytes }, [bytes.buffer as ArrayBuffer]);
      }
      if (!this.#over) port.post({ piece: id });
    } catch (error) {
      if (!this.#over) port.post({ piece: id, problem: problemOf(error, "unreadable") });
    }
  }
}
