// The engine's WebAssembly, as wasm-bindgen wraps it. `wasm/` is made by `./x web`.

import init, * as glue from "../../wasm/engine.js";

export type Face = typeof glue;
export type Engine = glue.Engine;
export type Call = glue.Call;

export interface Loaded {
  face: Face;
  memory: WebAssembly.Memory;
}

/** Makes the engine of its compiled code. A second call in the same thread gives the same engine. */
export async function loadFace(module: WebAssembly.Module): Promise<Loaded> {
  const { memory } = await init({ module_or_path: module });
  return { face: glue, memory };
}
