// What differs between pages, Node and edge runtimes.

import { type Open, unreadable } from "./engine/read.js";
import { PlancheckError } from "./errors.js";
import type { StartPort } from "./port.js";
import type { CheckerOptions } from "./types.js";

export interface Platform {
  /** How the engine's thread is started; without, it runs in this one. */
  startEngine?: StartPort;
  /** The engine in this thread, behind the same messages. */
  startInline: StartPort;
  open: Open;
  /** Whether files can be handed to the engine's thread, which then reads them itself. */
  movesBlobs: boolean;
  /** Makes an address absolute. */
  resolve(address: string | URL): string;
  /** The engine where nobody says another. */
  engine(): Promise<WebAssembly.Module>;
  compileFrom(url: string): Promise<WebAssembly.Module>;
}

/** Compiles the engine that is wanted. Rejects with `PlancheckError`. */
export async function compileEngine(
  platform: Platform,
  wanted: CheckerOptions["engine"],
): Promise<WebAssembly.Module> {
  try {
    if (wanted === undefined) return await platform.engine();
    if (wanted instanceof WebAssembly.Module) return wanted;
    if (wanted instanceof ArrayBuffer || ArrayBuffer.isView(wanted)) {
      return await WebAssembly.compile(wanted as BufferSource);
    }
    if (typeof wanted === "string" || wanted instanceof URL) {
      return await platform.compileFrom(platform.resolve(wanted));
    }
    return await compileResponse(wanted);
  } catch (error) {
    if (error instanceof PlancheckError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new PlancheckError("no-engine", `the engine could not be loaded: ${why}`, { cause: error });
  }
}

/** While it arrives, where the server says that it is WebAssembly. */
export async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw unreadable(response.url, `the answer is ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  if (/^application\/wasm\b/i.test(type) && typeof WebAssembly.compileStreaming === "function") {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
