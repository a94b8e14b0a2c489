// The thread of one module, in Node.

import { parentPort, type Transferable as NodeTransferable } from "node:worker_threads";

import { serveModule } from "./serve.js";

const take = serveModule((message, transfer = []) =>
  parentPort?.postMessage(message, transfer as NodeTransferable[]),
);
parentPort?.on("message", take);
