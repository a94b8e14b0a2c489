// The engine's thread, in a page. Each module has a thread of its own below it.

import type { FromEngine } from "../protocol.js";
import type { StartPort } from "../port.js";
import { workerPort } from "../web-worker.js";
import { Core } from "./core.js";
import { openByFetch } from "./read.js";

const scope = self as unknown as {
  postMessage(message: FromEngine, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
};

const startModule: StartPort = (events) =>
  workerPort(
    () =>
      new Worker(new URL("../module/worker.js", import.meta.url), {
        type: "module",
        name: "plancheck-module",
      }),
    events,
  );

const core = new Core({
  send: (message, transfer = []) => scope.postMessage(message, transfer),
  open: openByFetch,
  startModule,
});
scope.onmessage = (event) => core.receive(event.data);
