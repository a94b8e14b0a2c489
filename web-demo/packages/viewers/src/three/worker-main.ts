/** What both workers do: read, and hand the arrays over. */
import type { IfcAPI } from "web-ifc";
import type { Message, Start } from "./protocol.js";
import { readGeometry } from "./read.js";
import { unpack } from "./unpack.js";

/** The few things of a worker's global scope that are used here. */
interface Scope {
  addEventListener(type: "message", listener: (event: MessageEvent<Start>) => void): void;
  postMessage(message: Message, transfer: Transferable[]): void;
}

export function serve(load: (start: Start) => Promise<IfcAPI>): void {
  const scope = globalThis as unknown as Scope;
  const emit = (message: Message) => {
    const buffers = new Set<ArrayBuffer>();
    for (const value of Object.values(message).flat() as unknown[]) {
      if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    }
    scope.postMessage(message, [...buffers]);
  };
  const fail = (code: "wasm" | "model", error: unknown) =>
    emit({ type: "error", code, message: error instanceof Error ? error.message : String(error) });

  scope.addEventListener("message", (event) => void answer(event.data));

  async function answer(start: Start): Promise<void> {
    let api: IfcAPI;
    try {
      api = await load(start);
      const { wasm } = start;
      // The variant with threads needs a page that is isolated across origins and starts workers of its own.
      await api.Init(wasm === undefined ? undefined : () => wasm, true);
    } catch (error) {
      return fail("wasm", error);
    }
    try {
      const bytes = start.bytes instanceof Blob ? await start.bytes.arrayBuffer() : start.bytes;
      readGeometry(api, await unpack(new Uint8Array(bytes)), start.options, emit);
    } catch (error) {
      fail("model", error);
    }
  }
}
