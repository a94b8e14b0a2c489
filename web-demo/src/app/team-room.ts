// One building that is looked at together. This page checks for itself, so it makes the same edits in the
// same order as the server does: its own at once, those of others as they come. What both count is compared.

import type { Building, Edit, Live, LiveDelta, LiveFull, LiveStatus, Summary } from "@plancheck/engine";

import { placeLabel } from "../logic/places";
import { problemOf, sentence, told } from "../logic/problems";
import { count } from "../logic/wording";
import { catchUpWith, type Step } from "./catch-up";
import { makeKept, makeOthers, shareEdits, withdraw } from "./editing";
import { theHost } from "./host";
import { announce, notify } from "./notices";
import { writeSelected } from "./selection";
import { store, type State } from "./store";
import { alone, looksOnly, type Shown, type Team } from "./team-state";
import type { MadeEdit } from "./types";
import {
  forgetUnsent,
  keepUnsent,
  keptUnsent,
  stillUnsent,
  USUAL,
  type KeptEdits,
  type Unsent,
} from "./unsent";

interface Room {
  building: Building;
  live: Live;
  /** The model that the edits are of, as this page has it. */
  file: Blob;
  /** Names the model, at the server; known once the full state came. */
  epoch?: string;
  /** Number of the last edit of the server that this page has made, too. */
  seq: number;
  /** One's own edits, in their order, until what the server made before them is made here, too. */
  pending: Edit[];
  /** Those of them that the server has not answered. */
  unsent: Set<Unsent>;
  /** Those of before the page was loaded again. */
  kept: KeptEdits | undefined;
  /** The full state came, and what it holds beside the file is being made here. */
  catching: boolean;
  /** What the server said is done one after the other. */
  queue: Promise<void>;
  /** `edits`: how many of the former model are gone. */
  reopen: (building: Building, edits: number) => Promise<void>;
  unwatch: () => void;
}

let room: Room | undefined;

function change(team: Partial<Team>): void {
  store.set({ team: { ...store.state.team, ...team } });
}

export interface JoinOptions {
  /** Edits that are to be shared from the beginning. */
  made: readonly Edit[];
  /** Begins anew with what the server has. */
  /** `edits`: how many of the former model are gone. */
  reopen: (building: Building, edits: number) => Promise<void>;
}

/** `building`: as the server described it before its file was fetched, or when it was uploaded. */
export function join(building: Building, { made, reopen }: JoinOptions): void {
  leaveRoom();
  const { model } = store.state;
  const live = theHost()?.live?.(building.id);
  if (!model || !live) return;
  const here: Room = {
    building,
    live,
    file: model.file,
    seq: 0,
    pending: [],
    unsent: new Set(),
    kept: keptUnsent(building),
    catching: false,
    queue: Promise.resolve(),
    reopen,
    unwatch: () => undefined,
  };
  room = here;
  here.unwatch = store.watch(["model", "stage", "element", "finding"], (state) => follow(here, state));
  change({ ...alone, building, link: "connecting" });
  // A link to it, and what is opened when the page is loaded again.
  writeSelected();
  const now =
    <Detail>(hear: (detail: Detail) => void) =>
    (detail: Detail) => {
      if (room === here) hear(detail);
    };
  live.on(
    "status",
    now((status) => said(here, status)),
  );
  live.on("full", (full) => inOrder(here, () => catchUp(here, full)));
  live.on("delta", (delta) => inOrder(here, () => makeToo(here, delta)));
  live.on("score", ({ seq, summary }) => inOrder(here, () => hold(here, seq, summary)));
  live.on(
    "presence",
    now(({ clients, people }) => present(clients, people)),
  );
  live.on(
    "highlight",
    now(({ by, elements, finding }) => show(by, { elements, finding })),
  );
  live.on(
    "error",
    now((error) => notify("error", told(error), error.code)),
  );
  live.on(
    "closed",
    now((error) => over(here, error)),
  );
  shareEdits({
    refusal: () => looksOnly(store.state.team),
    share: (edit, made) => void share(here, edit, made),
  });
  for (const edit of made) void share(here, edit);
}

/** What the server says is done one after the other. */
function inOrder(here: Room, step: () => Promise<void> | void): void {
  const done = here.queue.then(async () => {
    if (await isOpen(here)) await step();
  });
  here.queue = done.catch((error: unknown) => failed(here, error));
}

/** Goes on alone with the model as it is. `keep`: what the server has not is sent when the building is opened again. */
export function leaveRoom(keep = false): void {
  const left = room;
  if (!left) return;
  room = undefined;
  if (!keep && (left.kept || left.unsent.size > 0)) forgetUnsent();
  left.unwatch();
  shareEdits(undefined);
  left.live.close();
  // What still waits to be sent the server has not.
  const { edits, team } = store.state;
  store.set({ shared: team.waiting === 0 ? edits : [] });
  change(alone);
  writeSelected();
}

/** Another model was opened here, or something else was selected. */
function follow(here: Room, { model, stage, element, finding }: Readonly<State>): void {
  if (room !== here) return;
  if (stage === "empty" || stage === "broken" || (model && model.file !== here.file)) return leaveRoom();
  here.live.highlight({ elements: element ? [element] : [], ...(finding ? { finding } : {}) });
}

/** Waits while another model is tried, which may be given up for this one. */
async function isOpen(here: Room): Promise<boolean> {
  while (room === here && store.state.stage === "loading") {
    await new Promise<void>((resolve) => {
      const stop = store.subscribe(() => (stop(), resolve()));
    });
  }
  return room === here && store.state.model?.file === here.file;
}

function said(here: Room, status: LiveStatus): void {
  stated(here, status);
  noteUnsent(here);
}

/** Which of one's own edits should have been answered by now. */
function noteUnsent(here: Room): void {
  if (room !== here) return;
  const { link, unsent: before } = store.state.team;
  const late = [...here.unsent].filter(({ since }) => link !== "live" || performance.now() - since >= USUAL);
  const unsent = late.map(({ edit }) => edit);
  if (unsent.length !== before.length || unsent.some((edit, i) => edit !== before[i])) change({ unsent });
}

function stated(here: Room, status: LiveStatus): void {
  const { building } = here;
  const before = store.state.team.link;
  switch (status.state) {
    case "connecting":
      return change({ link: before === "reconnecting" ? before : "connecting" });
    case "live":
      if (before !== "live" && status.recovered) announce(`${building.name} is live`);
      return change({
        link: "live",
        why: undefined,
        me: status.you.name,
        clients: status.clients,
        // The full state follows, where not just what was missed does.
        ...(here.catching ? {} : { catching: status.recovered ? undefined : { done: 0 } }),
      });
    case "reconnecting":
      if (before === "live") announce("The connection was lost. It is made again.");
      return change({
        link: navigator.onLine ? "reconnecting" : "offline",
        why: `${navigator.onLine ? sentence(status.why) : "This computer is not connected."} It is tried again by itself${looksOnly(store.state.team) ? "" : "; your edits wait here"}.`,
        shown: new Map(),
      });
    case "closed":
      return;
  }
}

function over(here: Room, error: Error | undefined): void {
  const { building } = here;
  const { waiting } = store.state.team;
  const { code } = problemOf(error);
  const again = code !== "no-such-building";
  leaveRoom(error !== undefined && again);
  if (!error) return;
  const lost =
    waiting > 0
      ? ` ${count(waiting, "edit")} of yours did not reach the server${again ? ": open the building again in this tab, and it is tried again" : ""}.`
      : "";
  const why = code === "unauthorized" ? "Your session at the server has ended. Sign in again." : told(error);
  notify("fatal", `${building.name} is no longer live. ${why}${lost}`, code);
  if (code === "unauthorized") change({ account: theHost()?.account });
}

function failed(here: Room, error: unknown): void {
  if (room !== here) return;
  here.catching = false;
  change({
    catching: undefined,
    differs: `An edit could not be made here: ${problemOf(error).message} Reload the page to begin with what the server has.`,
  });
}

function present(clients: number, people: readonly string[]): void {
  const { shown } = store.state.team;
  change({ clients, people, shown: new Map([...shown].filter(([name]) => people.includes(name))) });
}

function show(by: string, what: Shown): void {
  const shown = new Map(store.state.team.shown);
  shown.delete(by);
  if (what.elements.length > 0) shown.set(by, what);
  change({ shown });
}

async function share(here: Room, edit: Edit, made?: MadeEdit): Promise<void> {
  here.pending.push(edit);
  const unsent: Unsent = { edit, made, after: here.seq, since: performance.now() };
  here.unsent.add(unsent);
  keepUnsent(here.building, here.unsent, here.kept);
  const answered = here.live.edit(edit);
  change({ waiting: here.live.waiting });
  noteUnsent(here);
  setTimeout(() => noteUnsent(here), USUAL + 10);
  let wrong: unknown;
  try {
    await answered;
  } catch (error) {
    wrong = error;
  }
  // The end of the connection is told once, with what did not reach the server.
  if (room !== here) return;
  here.unsent.delete(unsent);
  keepUnsent(here.building, here.unsent, here.kept);
  change({ waiting: here.live.waiting });
  noteUnsent(here);
  // After the edits that the server made before: they may still wait to be made here.
  inOrder(here, () => settle(here, (pending) => pending === edit));
  if (wrong === undefined) return;
  const { code } = problemOf(wrong);
  notify("error", `An edit was not shared. ${told(wrong)}`, code);
  if (made && code !== "model-replaced") await withdraw(made);
}

function settle(here: Room, is: (pending: Edit) => boolean): void {
  const at = here.pending.findIndex(is);
  if (at >= 0) here.pending.splice(at, 1);
}

/** An edit as a text; the server gives fields in another order. */
function textOf(edit: Edit): string {
  return JSON.stringify(Object.entries(edit).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The full state: on joining, after a long absence, or of another model. */
async function catchUp(here: Room, { epoch, seq, report }: LiveFull): Promise<void> {
  const model = epoch.split(".")[0]!;
  if (here.epoch === undefined ? await isAnother(here) : here.epoch !== model) {
    const { building, reopen } = here;
    const edits = store.state.edits.length;
    leaveRoom();
    return reopen(building, edits);
  }
  const first = here.epoch === undefined;
  here.epoch = model;
  const mine: { seq: number; text: string }[] = [];
  if (seq > here.seq) {
    here.catching = true;
    const missed = await theHost()!.buildings.edits(here.building.id, { after: here.seq });
    // Another model came meanwhile: its full state is on its way.
    if (missed.epoch !== model) return;
    const steps: Step[] = [];
    for (const one of missed.edits) {
      if (one.seq > seq || one.skipped) continue;
      // One's own whose answer was lost stand where the server made them.
      const texts = one.edits.map(textOf);
      if (one.by === store.state.team.me) {
        settle(here, (pending) => texts.includes(textOf(pending)));
        mine.push(...texts.map((text) => ({ seq: one.seq, text })));
      }
      steps.push(one);
    }
    await catchUpWith(steps, {
      pending: here.pending,
      heard: (done, total) => {
        if (room === here) change({ catching: { done, total } });
      },
    });
    here.seq = seq;
  }
  here.catching = false;
  if (room !== here) return;
  if (store.state.team.catching) announce(`${here.building.name} is live`);
  change({ catching: undefined });
  if (first) await sendKept(here, mine);
  await hold(here, seq, report.summary);
}

/** Edits that were made before the page was loaded again, and that did not reach the server. */
async function sendKept(here: Room, mine: readonly { seq: number; text: string }[]): Promise<void> {
  if (!here.kept) return;
  const kept = stillUnsent(here.kept, here.building, (edit, after) =>
    mine.some(({ seq, text }) => seq > after && text === textOf(edit)),
  );
  here.kept = undefined;
  keepUnsent(here.building, here.unsent, here.kept);
  if (kept.length === 0) return;
  const them = kept.length === 1 ? "It is" : "They are";
  notify(
    "info",
    `${count(kept.length, "edit")} of yours had not reached the server when the page was left. ${them} made again and sent.`,
  );
  await makeKept(kept);
}

/** Somebody uploaded another model before this page had joined. Later ones come with another epoch. */
async function isAnother({ building }: Room): Promise<boolean> {
  const { model } = await theHost()!.buildings.get(building.id);
  return model !== building.model;
}

async function makeToo(here: Room, { seq, edits, by, mine, refused, delta }: LiveDelta): Promise<void> {
  if (seq <= here.seq) return;
  // What stopped the server's check was put aside there.
  if (!mine && refused?.code !== "stopped")
    await makeOthers(edits, by, { pending: here.pending, partly: refused !== undefined });
  here.seq = seq;
  // To who was away no scores are sent beside what was missed.
  await hold(here, seq, delta.summary);
}

const counted = ["fail", "undetermined", "pass", "not_applicable"] as const;

/** Holds what this page counts against what the server counts. */
async function hold(here: Room, seq: number, there: Summary): Promise<void> {
  // After an edit that is being made: it is not the server's yet.
  await makeOthers([], "", { pending: [] });
  const { summary, jurisdiction } = store.state;
  if (room !== here || !summary || here.seq !== seq || here.pending.length > 0) return;
  const other = counted.filter((verdict) => summary[verdict] !== there[verdict]);
  if (other.length === 0) {
    if (store.state.team.differs) change({ differs: undefined });
    return;
  }
  const words = other.map(
    (verdict) => `${summary[verdict]} ${verdict.replace("_", " ")} here, ${there[verdict]} there`,
  );
  const place = here.building.jurisdiction ?? "";
  const why =
    place === "" && jurisdiction === ""
      ? " The server chooses the codes by the place that the model states, and may have more of them than this page."
      : place === jurisdiction
        ? " Reload the page to begin with what the server has."
        : ` The server checks with the codes of ${placeLabel(place)}: choose them here, too.`;
  change({ differs: `This page and the server count differently: ${words.join("; ")}.${why}` });
}
