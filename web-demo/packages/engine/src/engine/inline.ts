import type { Port, PortEvents } from "../port.js";
import type { ToEngine } from "../protocol.js";
import { Core } from "./core.js";
import type { Open } from "./read.js";

/** The engine in this thread, behind the same messages as in another. */
export function inlinePort(open: Open, events: PortEvents): Port {
  const core = new Core({ send: (message) => events.message(message), open });
  return { post: (message) => core.receive(message as ToEngine), end: () => core.end() };
}
