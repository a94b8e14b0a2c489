// The engine's thread, in Node. Each module has a thread of its own below it.

import { parentPort, type Transferable as NodeTransferable } from "node:worker_threads";

import { openInNode, threadPort } from "../node-thread.js";
import { Core } from "./core.js";

const core = new Core({
  send: (message, transfer = []) => parentPort?.postMessage(message, transfer as NodeTransferable[]),
  open: openInNode,
  startModule: (events) => threadPort(new URL("../module/worker-node.js", import.meta.url), events),
});
parentPort?.on("message", (message) => core.receive(message));
