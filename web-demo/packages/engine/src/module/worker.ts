// The thread of one module, in a page.

import { serveModule } from "./serve.js";

const scope = self as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
};
const take = serveModule((message, transfer = []) => scope.postMessage(message, transfer));
scope.onmessage = (event) => take(event.data);
