import type { Port, PortEvents } from "./port.js";

/** A dedicated worker as a port. Bundlers need to see `new Worker(new URL(…))` where it is written, so it is handed in. */
export function workerPort(start: () => Worker, events: PortEvents): Port {
  let worker: Worker;
  try {
    worker = start();
  } catch (error) {
    queueMicrotask(() => events.broken(error instanceof Error ? error.message : String(error)));
    return { post() {}, end() {} };
  }
  worker.onmessage = (event: MessageEvent) => events.message(event.data);
  worker.onmessageerror = () => events.broken("a message of its worker could not be read");
  worker.onerror = (event: ErrorEvent) => {
    event.preventDefault();
    // A worker whose script could not be loaded says nothing else.
    events.broken(event.message || "its worker could not be started");
  };
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    end: () => worker.terminate(),
  };
}
