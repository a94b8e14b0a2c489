// A Plancheck server: its modules, its verdict on the same model, and whether both say the same.

import { unreadable } from "./engine/read.js";
import { PlancheckError } from "./errors.js";
import type { Problem, Report } from "./report.js";
import { Result } from "./result.js";
import type { Bytes, CheckResult, ModuleSource } from "./types.js";

export interface HostOptions {
  signal?: AbortSignal;
}

export interface HostValidateOptions extends HostOptions {
  jurisdiction?: string;
  detail?: boolean;
}

/** Where two reports differ first. */
export interface Difference {
  /** JSON pointer (RFC 6901); empty where only their form differs. */
  path: string;
  local: unknown;
  host: unknown;
}

export interface Comparison {
  same: boolean;
  firstDifference?: Difference;
}

export interface Host {
  readonly url: string;
  /** Of the server. */
  readonly version: string;
  /** Live sync; undefined where the server offers none. No server does yet. */
  readonly live: undefined;
  /** The server's modules, with the digests that it knows them by, and those that it cannot use, with the reason:
   * fit for `createChecker`, whose report then lacks what the server's lacks. */
  modules(options?: HostOptions): Promise<ModuleSource[]>;
  /** Has the server check a model. */
  validate(model: Bytes | Blob, options?: HostValidateOptions): Promise<CheckResult>;
  /** Holds a report of this package against one of the server, byte for byte. */
  compare(local: Uint8Array | CheckResult, host: Uint8Array | CheckResult): Comparison;
}

/** Connects to a Plancheck server. Rejects with `PlancheckError` when there is none. */
export async function connectHost(url: string | URL, options: HostOptions = {}): Promise<Host> {
  const base = new URL(url, globalThis.document?.baseURI).href.replace(/\/+$/, "");
  const health = (await ask(`${base}/health`, options).then(json)) as { version?: unknown };
  if (typeof health?.version !== "string") {
    throw new PlancheckError("not-a-host", `${base} is not a Plancheck server`);
  }
  return {
    url: base,
    version: health.version,
    live: undefined,
    async modules(options = {}) {
      const { modules } = (await ask(`${base}/api/v1/modules`, options).then(json)) as {
        modules: HostModule[];
      };
      return modules.map(({ id, digest, problem }): ModuleSource => {
        if (problem) return { name: id, unavailable: problem };
        if (!digest) {
          const message = "the server does not say its digest";
          return { name: id, unavailable: { code: "digest-missing", message } };
        }
        return { name: id, url: `${base}/api/v1/modules/${encodeURIComponent(id)}/file`, digest };
      });
    },
    async validate(model, { jurisdiction, detail, signal } = {}) {
      const started = performance.now();
      const query = new URLSearchParams();
      if (jurisdiction) query.set("jurisdiction", jurisdiction);
      if (detail) query.set("detail", "true");
      const request = { method: "POST", body: model as BodyInit, ...(signal ? { signal } : {}) };
      const response = await ask(`${base}/api/v1/validate?${query}`, request);
      return new Result(new Uint8Array(await response.arrayBuffer()), performance.now() - started);
    },
    compare(local, host) {
      return compareReports("bytes" in local ? local.bytes : local, "bytes" in host ? host.bytes : host);
    },
  };
}

interface HostModule {
  id: string;
  digest?: string;
  /** Why it cannot be used there. */
  problem?: Problem;
}

/** Fetches; an answer that is an error becomes one, with the server's code. */
async function ask(url: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw unreadable(url, error);
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as {
    code?: unknown;
    detail?: unknown;
    title?: unknown;
  };
  const code = typeof problem.code === "string" ? problem.code : "unreadable";
  throw new PlancheckError(
    code,
    String(problem.detail ?? problem.title ?? `${url}: the answer is ${response.status}`),
  );
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new PlancheckError("not-a-host", `${response.url}: the answer is not JSON`);
  }
}

function compareReports(local: Uint8Array, host: Uint8Array): Comparison {
  if (local.length === host.length && local.every((byte, at) => byte === host[at])) return { same: true };
  const read = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Report;
  return {
    same: false,
    firstDifference: differenceOf("", read(local), read(host)) ?? { path: "", local: null, host: null },
  };
}

function differenceOf(path: string, local: unknown, host: unknown): Difference | undefined {
  if (Object.is(local, host)) return undefined;
  if (isObject(local) && isObject(host) && Array.isArray(local) === Array.isArray(host)) {
    for (const key of new Set([...Object.keys(local), ...Object.keys(host)])) {
      const step = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const difference = differenceOf(step, local[key], host[key]);
      if (difference) return difference;
    }
    return undefined;
  }
  return { path, local, host };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
