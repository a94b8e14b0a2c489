// The messages of a live connection, as docs/live-sync.md defines them, and what the package makes of them.

import type { Problem, Report, Summary } from "../report.js";
import type { PlancheckError } from "../errors.js";
import type { Delta, Edit } from "../types.js";

/** What the server says. */
export type FromServer =
  | {
      type: "connection_status";
      epoch: string;
      seq: number;
      recovered: boolean;
      clients: number;
      you: Person;
    }
  | { type: "validation_update"; kind: "full"; epoch: string; seq: number; report: Report }
  | ({ type: "validation_update"; kind: "delta" } & WireDelta)
  | { type: "compliance_score"; epoch: string; seq: number; summary: Summary }
  | { type: "validation_highlight"; by: string; elements: string[]; finding?: string | null }
  | { type: "rule_check"; judged: number; rules: number }
  | { type: "presence"; clients: number; people: string[] }
  | { type: "edit_known"; request: string; epoch: string; seq: number }
  | { type: "error"; code: string; message: string; request?: string }
  | { type: "pong" };

export interface WireDelta {
  epoch: string;
  seq: number;
  delta: Delta;
  edits: Edit[];
  by: string;
  request: string;
  refused?: Problem;
}

/** Who the server takes this client for. */
export interface Person {
  id: string;
  name: string;
  role: string | null;
}

/** How far one has seen: an edit's number, and what it counts in. */
export interface Position {
  epoch: string;
  seq: number;
}

export type LiveStatus =
  | { state: "connecting" }
  | {
      state: "live";
      /** Exactly what was missed follows; otherwise the full state. */
      recovered: boolean;
      you: Person;
      /** Connections to this building. */
      clients: number;
    }
  | {
      state: "reconnecting";
      /** For people. */
      why: string;
      /** Of the connection that ended. */
      code?: number;
      /** The next attempt follows after so many milliseconds. */
      after: number;
    }
  | { state: "closed" };

/** The report with all edits so far. */
export interface LiveFull extends Position {
  report: Report;
}

/** Edits, and what they changed. Each comes once, in the order that the server gave them. */
export interface LiveDelta extends Position {
  delta: Delta;
  edits: Edit[];
  /** Whose they are. */
  by: string;
  request: string;
  /** They were made here. */
  mine: boolean;
  /** The engine refused one of them; those before it are applied. With code `stopped` none is. */
  refused?: Problem;
}

export interface LiveScore extends Position {
  summary: Summary;
}

/** What somebody else is about. */
export interface LiveHighlight {
  by: string;
  /** GlobalIds. */
  elements: string[];
  /** Id of a finding. */
  finding?: string;
}

export interface LivePresence {
  /** Connections, of all replicas. */
  clients: number;
  /** Names of some of them, each once. */
  people: string[];
}

/** How far the check is that the server must make first. */
export interface LiveProgress {
  judged: number;
  rules: number;
}

export interface LiveEvents {
  status: LiveStatus;
  full: LiveFull;
  delta: LiveDelta;
  score: LiveScore;
  highlight: LiveHighlight;
  presence: LivePresence;
  progress: LiveProgress;
  /** Something that was said was not understood; the connection goes on. */
  error: PlancheckError;
  /** It is over, and why; nothing where `close` was called. */
  closed: PlancheckError | undefined;
}

/** The answer to edits. */
export interface LiveEdited extends Position {
  /** What they changed. Undefined where the connection was lost meanwhile and they are in the full state that came
   * after it. */
  delta?: LiveDelta;
}

/** Live sync of one building. It connects by itself, and again when the connection is lost. */
export interface Live {
  readonly building: string;
  readonly status: LiveStatus;
  /** How far this client has seen: for `resume`. */
  readonly position: Position | undefined;
  /** Edits that were not answered yet. */
  readonly waiting: number;
  on<Event extends keyof LiveEvents>(event: Event, listener: (detail: LiveEvents[Event]) => void): () => void;
  /**
   * Makes edits, once, however often the connection is lost. Settles with the delta that answers them. Rejects with
   * the engine's `PlancheckError` where it refused one (`cause` is the delta), with `forbidden`, with
   * `model-replaced` where somebody uploaded another model meanwhile, and with `closed`.
   */
  edit(edits: Edit | readonly Edit[]): Promise<LiveEdited>;
  /** Shows others what one is about; at most some five times in a second, the last counts. */
  highlight(of: { elements: readonly string[]; finding?: string }): void;
  close(): void;
}

/** Some class that is used like the browser's. */
export type WebSocketClass = new (url: string) => WebSocketLike;

export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- events of several implementations
  addEventListener(type: "open" | "message" | "close" | "error", listener: (event: any) => void): void;
}

export interface LiveOptions {
  /** Where a former connection stopped: only what was missed comes, where the server still has it. */
  resume?: Position;
}

/** What the server's close codes mean for a client. */
export const CLOSED = {
  badMessage: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  noBuilding: 4404,
  tooMany: 4429,
  failed: 4500,
} as const;

/** The part of an epoch that names the model; the rest is of rules and engine. */
export const modelOf = ({ epoch }: Position): string => epoch.split(".")[0]!;

/** A message, if it is one. */
export function messageOf(data: unknown): FromServer | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const read = JSON.parse(data) as { type?: unknown } | null;
    return typeof read?.type === "string" ? (read as FromServer) : undefined;
  } catch {
    return undefined;
  }
}
