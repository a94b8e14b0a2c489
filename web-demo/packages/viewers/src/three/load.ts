import type { ElementsLike } from "../core/index.js";
import { MeshSet, type IfcMeshes } from "./meshes.js";
import type { Message, Start } from "./protocol.js";

export interface LoadProgress {
  /** `start`: worker and web-ifc load; `open`: the file is read (bytes); `geometry`: shapes are made (elements, about). */
  phase: "start" | "open" | "geometry";
  done: number;
  total: number;
}

export interface LoadOptions {
  /** URL of web-ifc.wasm. With Vite: `import wasm from "web-ifc/web-ifc.wasm?url"`. */
  wasm?: string | URL;
  /** URL of web-ifc-api.js, for pages without a bundler. */
  webIfc?: string | URL;
  /** Starts `@plancheck/viewers/three/worker` in a way of your own. */
  worker?: () => Worker;
  /** Who is who. Without it GlobalIds of what has geometry are read from the file; storeys and parts are not known. */
  elements?: ElementsLike;
  /** Also volumes of spaces; default true. */
  spaces?: boolean;
  /** Lines along creases; default true. */
  edges?: boolean;
  onProgress?: (progress: LoadProgress) => void;
  /** As soon as the first part is there; the object in it grows until the promise resolves. */
  onMeshes?: (meshes: IfcMeshes) => void;
  signal?: AbortSignal;
}

/** Why a model could not be shown. `worker`: the worker did not start; `wasm`: web-ifc did not; `model`: the file. */
export class GeometryError extends Error {
  override readonly name = "GeometryError";
  constructor(
    readonly code: "worker" | "wasm" | "model",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads an IFC file (or .ifczip) with web-ifc in a Worker and makes few large meshes of it. The page is not blocked: geometry
 * arrives in parts and is drawn as it comes. `bytes` stay yours.
 */
export function loadIfcMeshes(
  bytes: ArrayBuffer | Uint8Array | Blob,
  options: LoadOptions = {},
): Promise<IfcMeshes> {
  const { signal, onProgress, onMeshes, elements } = options;
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let worker: Worker;
    try {
      worker = startWorker(options);
    } catch (error) {
      return reject(new GeometryError("worker", String(error)));
    }
    const meshes = new MeshSet();
    if (elements) meshes.setElements(elements);
    let shown = false;

    const end = () => {
      worker.terminate();
      signal?.removeEventListener("abort", abort);
    };
    const fail = (reason: unknown) => {
      end();
      meshes.dispose();
      reject(reason);
    };
    const abort = () => fail(signal!.reason);
    signal?.addEventListener("abort", abort);
    onProgress?.({ phase: "start", done: 0, total: 1 });
    if (signal?.aborted) return;
    worker.addEventListener("error", (event) => {
      fail(new GeometryError("worker", event.message || "the geometry worker could not be loaded"));
    });
    worker.addEventListener("message", (event: MessageEvent<Message>) => {
      const message = event.data;
      try {
        if (message.type === "progress") onProgress?.(message);
        else if (message.type === "error") return fail(new GeometryError(message.code, message.message));
        else take(meshes, message, performance.now() - begin);
        if (!shown && (message.type === "batch" || message.type === "done")) {
          shown = true;
          onMeshes?.(meshes);
        }
        if (message.type === "done") {
          end();
          resolve(meshes);
        }
      } catch (error) {
        fail(error);
      }
    });

    const start: Start = {
      bytes: bytes instanceof Uint8Array ? bytes.slice().buffer : bytes,
      options: {
        spaces: options.spaces ?? true,
        edges: options.edges ?? true,
        globalIds: elements === undefined,
      },
    };
    const base = globalThis.document?.baseURI;
    if (options.wasm !== undefined) start.wasm = new URL(options.wasm, base).href;
    if (options.webIfc !== undefined) start.webIfc = new URL(options.webIfc, base).href;
    // An ArrayBuffer of the caller is cloned; our own copy goes by transfer.
    worker.postMessage(start, bytes instanceof Uint8Array ? [start.bytes as ArrayBuffer] : []);
  });
}

function startWorker({ worker, webIfc }: LoadOptions): Worker {
  if (worker) return worker();
  // Both written out: bundlers look for exactly this form.
  return webIfc === undefined
    ? new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "plancheck geometry" })
    : new Worker(new URL("./worker-plain.js", import.meta.url), {
        type: "module",
        name: "plancheck geometry",
      });
}

function take(
  meshes: MeshSet,
  message: Exclude<Message, { type: "progress" | "error" }>,
  milliseconds: number,
): void {
  switch (message.type) {
    case "elements":
      return meshes.addElements(message);
    case "batch":
      return meshes.addBatch(message);
    case "lines":
      return meshes.addLines(message);
    case "shape":
      return meshes.addShape(message);
    case "done":
      return meshes.finish(message, milliseconds);
  }
}
