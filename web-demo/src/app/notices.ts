// Short notices at the foot of the page, and what readers are told.

import { store, type Notice } from "./store";

let next = 1;

/** Milliseconds that a notice is shown: long enough to be read twice; fatal ones stay until they are closed. */
const SHOWN: Partial<Record<Notice["kind"], number>> = { info: 5_000, error: 12_000 };

interface Clock {
  /** Milliseconds that were left when it began to run. */
  left: number;
  since: number;
  /** None while somebody reads the notice. */
  timer?: ReturnType<typeof setTimeout>;
}

const clocks = new Map<number, Clock>();

export function notify(kind: Notice["kind"], text: string, detail?: string): void {
  const id = next++;
  const former = store.state.notices.filter((notice) => notice.text !== text);
  const others = former.filter((notice, i) => notice.kind === "fatal" || i >= former.length - 2);
  for (const gone of store.state.notices) if (!others.includes(gone)) stop(gone.id);
  store.set({ notices: [...others, { id, kind, text, ...(detail ? { detail } : {}) }] });
  const time = SHOWN[kind];
  if (time !== undefined) run(id, time);
}

function run(id: number, time: number): void {
  clocks.set(id, { left: time, since: performance.now(), timer: setTimeout(() => dismiss(id), time) });
}

function stop(id: number): void {
  clearTimeout(clocks.get(id)?.timer);
  clocks.delete(id);
}

/** Somebody points at it, or has the focus in it: it stays. */
export function holdNotice(id: number): void {
  const clock = clocks.get(id);
  if (!clock?.timer) return;
  clearTimeout(clock.timer);
  clocks.set(id, { left: clock.left - (performance.now() - clock.since), since: 0 });
}

/** Its time goes on; never less than it takes to come back to it. */
export function releaseNotice(id: number): void {
  const clock = clocks.get(id);
  if (clock && !clock.timer) run(id, Math.max(clock.left, 2_000));
}

export function dismiss(id: number): void {
  stop(id);
  store.set({ notices: store.state.notices.filter((notice) => notice.id !== id) });
}

/** Says it to readers. The same words twice are said twice. */
export function announce(text: string): void {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 50);
}
