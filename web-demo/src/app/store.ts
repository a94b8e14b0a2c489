// The one store: what the app knows, and who wants to hear when it changes.

import type { IdsReport, ModelSummary, ModuleInfo } from "@plancheck/engine";

import { noFilters, type Filters } from "../logic/findings";
import { noTeam, type Team } from "./team-state";
import type { Changes, ElementDetails, Finding, MadeEdit, Place, Problem, Report, Summary } from "./types";

/** How far something has come. No total: nobody knows. */
export interface Progress {
  done: number;
  total?: number;
  /** Finished, or not begun. */
  state: "waiting" | "running" | "done" | "failed";
  note?: string;
}

export interface Model {
  name: string;
  bytes: number;
  file: Blob;
  summary: ModelSummary;
  /** The sample that it is, if it is one. */
  sample?: string | undefined;
}

export interface Storey {
  global_id: string;
  name: string;
  elevation?: number;
}

export interface Row {
  global_id: string;
  class: string;
  name?: string;
  long_name?: string;
  storey?: string;
  record?: number;
  container?: string;
}

/** What the last edit, undo or redo did; announced and flashed. */
export interface LastChange {
  /** Grows by one with each. */
  number: number;
  what: "edit" | "undo" | "redo" | "others";
  label: string;
  changes: Changes;
  milliseconds: number;
  /** Ids of findings to flash. */
  flashed: ReadonlySet<string>;
}

export interface Notice {
  id: number;
  /** `fatal`: stays until it is closed. */
  kind: "info" | "error" | "fatal";
  text: string;
  detail?: string;
}

/** A question that is asked before something is lost. */
export interface Question {
  title: string;
  text: string;
  /** What the button says that goes on. */
  act: string;
  /** What the button says that leaves everything as it is. */
  stay: string;
}

export interface State {
  /** `starting` until the modules are there; `broken`: they are not, and nothing can be checked. */
  stage: "starting" | "empty" | "loading" | "ready" | "broken";
  problem?: Problem | undefined;
  notices: readonly Notice[];
  host?: { url: string; version: string } | undefined;
  engine?: { version: string; digest?: string } | undefined;
  modules: readonly ModuleInfo[];
  jurisdiction: string;

  model?: Model | undefined;
  /** What is being opened takes the place of what was open: the panel that is seen stays the same meanwhile. */
  stays: boolean;
  loadingName?: string | undefined;
  reading: Progress;
  checking: Progress;
  geometry: Progress;

  report?: Report | undefined;
  /** By id, in the report's order; edits change it. */
  findings: ReadonlyMap<string, Finding>;
  summary?: Summary | undefined;
  checkedIn?: number | undefined;
  /** The report holds what passes, too. */
  detail: boolean;

  elements: ReadonlyMap<string, Row>;
  storeys: readonly Storey[];

  filters: Filters;
  collapsed: ReadonlySet<string>;
  finding?: string | undefined;
  element?: string | undefined;
  details?: ElementDetails | undefined;
  /** Other elements whose facts the selected finding looks at. */
  related: ReadonlyMap<string, ElementDetails>;
  /** Where values are written that findings lack, by `placeKey`; known when the list is grouped by them. */
  places: ReadonlyMap<string, Place | null>;
  /** What is being edited: `fact:path`, `property:set:name`. */
  editing?: string | undefined;

  edits: readonly MadeEdit[];
  /** Those of them that the server has, too: of a building that was looked at together. */
  shared: readonly MadeEdit[];
  undone: readonly MadeEdit[];
  last?: LastChange | undefined;
  busy: boolean;

  ids?: IdsReport | undefined;
  tab: "findings" | "readiness" | "edits" | "modules";
  /** The panel that is seen where there is room for one only. */
  pane: "side" | "viewport" | "details";
  dialog?: "help" | "compare" | "question" | "signin" | "password" | undefined;
  question?: Question | undefined;
  theme: "light" | "dark" | "system";

  scene: Scene;
  team: Team;
}

export interface Scene {
  /** There is something to see. */
  shown: boolean;
  storey?: string | undefined;
  section?: { axis: "x" | "y" | "z"; at: number; flip: boolean } | undefined;
  isolated: boolean;
  others: "keep" | "fade" | "ghost";
  /** Rooms are volumes that hide what is in them: by default only those that fail are drawn. */
  spaces: "failing" | "findings" | "always" | "never";
}

/** A model is open, or about to be. */
export function isOpen({ stage }: State): boolean {
  return stage === "loading" || stage === "ready";
}

const waiting: Progress = { done: 0, state: "waiting" };

/** What is forgotten when another model is opened. */
export const noModel = {
  problem: undefined,
  model: undefined,
  stays: false,
  loadingName: undefined,
  reading: waiting,
  checking: waiting,
  geometry: waiting,
  report: undefined,
  findings: new Map(),
  summary: undefined,
  checkedIn: undefined,
  detail: false,
  elements: new Map(),
  storeys: [],
  filters: noFilters,
  collapsed: new Set<string>(),
  finding: undefined,
  element: undefined,
  details: undefined,
  related: new Map(),
  places: new Map(),
  editing: undefined,
  edits: [],
  shared: [],
  undone: [],
  last: undefined,
  busy: false,
  ids: undefined,
  pane: "side",
  scene: { shown: false, isolated: false, others: "ghost", spaces: "failing" },
} satisfies Partial<State>;

type Listener = (state: State, before: State) => void;

export class Store {
  #state: State;
  #seen: State;
  #listeners = new Set<Listener>();
  #told = false;

  constructor(state: State) {
    this.#state = state;
    this.#seen = state;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  /** Changes some fields. Listeners are told once, after the current task's changes are made. */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      const before = this.#seen;
      this.#seen = this.#state;
      for (const listener of this.#listeners) listener(this.#state, before);
    });
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls now, and again whenever one of the fields is another. */
  watch(fields: readonly (keyof State)[], listener: (state: State) => void): () => void {
    listener(this.#state);
    return this.subscribe((state, before) => {
      if (fields.some((field) => state[field] !== before[field])) listener(state);
    });
  }
}

export const store = new Store({
  stage: "starting",
  notices: [],
  modules: [],
  jurisdiction: "",
  tab: "findings",
  theme: "system",
  team: noTeam,
  ...noModel,
});
