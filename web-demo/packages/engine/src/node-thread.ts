import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker, type Transferable as NodeTransferable } from "node:worker_threads";

import { type Opened, openByFetch, unreadable } from "./engine/read.js";
import type { Port, PortEvents } from "./port.js";

/** A thread of Node as a port. It does not keep the program running unless it is held. */
export function threadPort(url: URL, events: PortEvents): Port {
  const worker = new Worker(url);
  let ended = false;
  worker.on("message", events.message);
  worker.on("messageerror", () => events.broken("a message of its thread could not be read"));
  worker.on("error", (error) => events.broken(error.message));
  worker.on("exit", () => {
    if (!ended) events.broken("its thread ended");
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as NodeTransferable[]),
    end() {
      ended = true;
      void worker.terminate();
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
  };
}

/** Large enough that its overhead does not count, small enough for progress to be seen. */
const PIECE = 4 << 20;

/** Files are read from the disk, everything else is fetched. */
export async function openInNode(url: string, signal?: AbortSignal): Promise<Opened> {
  if (!url.startsWith("file:")) return openByFetch(url, signal);
  const path = fileURLToPath(url);
  async function* pieces(): AsyncIterable<Uint8Array> {
    try {
      yield* createReadStream(path, { highWaterMark: PIECE });
    } catch (error) {
      throw unreadable(path, error);
    }
  }
  try {
    return { size: (await stat(path)).size, pieces: pieces() };
  } catch (error) {
    throw unreadable(path, error);
  }
}
