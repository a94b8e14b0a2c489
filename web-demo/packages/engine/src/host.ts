// A Plancheck server: its modules, its verdict on the same model, whether both say the same; its buildings, and
// live sync with others who look at them.

import { PlancheckError } from "./errors.js";
import { ask, json, posted } from "./host/ask.js";
import { type Buildings, buildingsOf } from "./host/buildings.js";
import { LiveConnection } from "./host/live.js";
import type { Live, LiveOptions, WebSocketClass } from "./host/messages.js";
import { type Account, type Credentials, Session, type SessionOptions } from "./host/session.js";
import type { Problem, Report } from "./report.js";
import { Result } from "./result.js";
import type { Bytes, CheckResult, ModuleSource } from "./types.js";

export type { Building, Buildings, EditHistory, NumberedEdits, UploadOptions } from "./host/buildings.js";
export type {
  Live,
  LiveDelta,
  LiveEdited,
  LiveEvents,
  LiveFull,
  LiveHighlight,
  LiveOptions,
  LivePresence,
  LiveProgress,
  LiveScore,
  LiveStatus,
  Person,
  Position,
  WebSocketClass,
  WebSocketLike,
} from "./host/messages.js";
export type { Account, Credentials, Permission, SessionOptions, Tokens } from "./host/session.js";

export interface HostOptions {
  signal?: AbortSignal;
}

export interface ConnectOptions extends HostOptions, SessionOptions {
  /** For live sync, where there is no global one: Node before 22. */
  WebSocket?: WebSocketClass;
}

export interface PasswordChange {
  /** As it is. */
  current: string;
  next: string;
}

export interface ReportOptions extends HostOptions {
  /** The one that was the newest at this time; a text as RFC 3339 writes it. */
  at?: Date | string;
}

export interface HostValidateOptions extends HostOptions {
  jurisdiction?: string;
  /** Exactly these, by id: what the server's report is to be compared with. */
  modules?: readonly string[];
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
  /** Who is logged in. */
  readonly account: Account | undefined;
  /** Logs in; everything else is asked as this account from then on, until `logout`. */
  login(credentials: Credentials, options?: HostOptions): Promise<Account>;
  /** Goes on with a session that was kept, by its refresh token: `onTokens` is given the next one. */
  resume(refreshToken: string): Promise<Account>;
  /** Gives the account another password; its other sessions end. Rejects with `wrong-password`, `weak-password`, and
   * `login-throttled`. */
  changePassword(passwords: PasswordChange, options?: HostOptions): Promise<void>;
  /** Ends the session and its live connections, also where the server does not answer. */
  logout(): Promise<void>;
  /** Models by the name of their building. Needs an account, as all of the following. */
  readonly buildings: Buildings;
  /** The newest report of a building, or an earlier one: of the model, without live edits. */
  report(building: string, options?: ReportOptions): Promise<CheckResult>;
  /** Live sync of a building; undefined where the server offers none. */
  readonly live: ((building: string, options?: LiveOptions) => Live) | undefined;
  /** The server's modules, with the digests that it knows them by, and those that it cannot use, with the reason:
   * fit for `createChecker`, whose report then lacks what the server's lacks. Where somebody is logged in they are
   * fetched here: a server may show them to nobody else. */
  modules(options?: HostOptions): Promise<ModuleSource[]>;
  /** Has the server check a model. */
  validate(model: Bytes | Blob, options?: HostValidateOptions): Promise<CheckResult>;
  /** Holds a report of this package against one of the server, byte for byte. */
  compare(local: Uint8Array | CheckResult, host: Uint8Array | CheckResult): Comparison;
}

/** Connects to a Plancheck server. Rejects with `PlancheckError` when there is none. */
export async function connectHost(url: string | URL, options: ConnectOptions = {}): Promise<Host> {
  const base = new URL(url, globalThis.document?.baseURI).href.replace(/\/+$/, "");
  const { signal } = options;
  const health = (await ask(`${base}/health`, signal ? { signal } : {}).then(json)) as {
    version?: unknown;
    store?: unknown;
  };
  if (typeof health?.version !== "string") {
    throw new PlancheckError("not-a-host", `${base} is not a Plancheck server`);
  }
  const session = new Session(base, options);
  const live = (building: string, more: LiveOptions = {}): Live => {
    const Socket = options.WebSocket ?? (globalThis.WebSocket as WebSocketClass | undefined);
    if (Socket) return new LiveConnection(base, building, session, Socket, more);
    throw new PlancheckError("no-websocket", "there is no WebSocket here: give connectHost one");
  };
  return {
    url: base,
    version: health.version,
    get account() {
      return session.account;
    },
    login: (credentials, { signal } = {}) => session.login(credentials, signal),
    resume: (refreshToken) => session.resume(refreshToken),
    async changePassword({ current, next }, { signal } = {}) {
      await ask(`${base}/api/v1/auth/password`, posted({ current, new: next }, signal), session);
    },
    logout: () => session.logout(),
    buildings: buildingsOf(base, session),
    // Servers that keep nothing have no buildings that somebody could look at.
    live: health.store === undefined ? undefined : live,
    async report(building, { at, signal } = {}) {
      const started = performance.now();
      const time = at instanceof Date ? at.toISOString() : at;
      const query = new URLSearchParams(time === undefined ? {} : { at: time });
      const address = `${base}/api/v1/validate/${encodeURIComponent(building)}?${query}`;
      const response = await ask(address, signal ? { signal } : {}, session);
      return new Result(new Uint8Array(await response.arrayBuffer()), performance.now() - started);
    },
    async modules(options = {}) {
      const { modules } = (await ask(`${base}/api/v1/modules`, options, session).then(json)) as {
        modules: HostModule[];
      };
      const here = modules.filter((module) => !module.on_demand);
      const sources = here.map(async ({ id, digest, problem }): Promise<ModuleSource> => {
        if (problem) return { name: id, unavailable: problem };
        if (!digest) {
          const message = "the server does not say its digest";
          return { name: id, unavailable: { code: "digest-missing", message } };
        }
        const url = `${base}/api/v1/modules/${encodeURIComponent(id)}/file`;
        if (session.current === undefined) return { name: id, url, digest };
        const file = await ask(url, options, session);
        return { name: id, bytes: await file.arrayBuffer(), digest };
      });
      return Promise.all(sources);
    },
    async validate(model, { jurisdiction, modules, detail, signal } = {}) {
      const started = performance.now();
      const query = new URLSearchParams();
      if (jurisdiction) query.set("jurisdiction", jurisdiction);
      if (modules) query.set("modules", modules.join(","));
      if (detail) query.set("detail", "true");
      const request = { method: "POST", body: model as BodyInit, ...(signal ? { signal } : {}) };
      const response = await ask(`${base}/api/v1/validate?${query}`, request, session);
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
  /** The server compiles it when a model needs it: one of the many that a page does not fetch. */
  on_demand?: boolean;
  /** Why it cannot be used there. */
  problem?: Problem;
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
