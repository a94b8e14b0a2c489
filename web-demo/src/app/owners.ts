// What the engine says of other elements than the selected one: those whose facts a finding looks
// at, and where values are written that findings lack.

import { lacksOf, placeOf, usesOf, type Lack } from "../logic/missing";
import { start } from "./engine";
import { store } from "./store";
import type { ElementDetails, Place } from "./types";

/** Reads the elements whose facts the selected finding looks at. */
export async function readRelated(): Promise<void> {
  const { state } = store;
  const finding = state.finding === undefined ? undefined : state.findings.get(state.finding);
  const wanted = new Set<string>();
  for (const { element } of finding ? usesOf(finding, state.elements) : [])
    if (element !== undefined && element !== finding!.element.global_id) wanted.add(element);
  if (wanted.size === 0) {
    if (state.related.size > 0) store.set({ related: new Map() });
    return;
  }
  const checker = await start();
  const read = await Promise.all(
    [...wanted].map(async (id): Promise<[string, ElementDetails]> => [id, await checker.element(id)]),
  );
  if (store.state.finding === state.finding) store.set({ related: new Map(read) });
}

/** Names a fact of a kind of element. */
export const placeKey = (ifc: string, path: string): string => `${ifc} ${path}`;

let reading = false;

/** Learns where the facts are written that findings lack: of one element for each kind and fact. */
export async function readPlaces(): Promise<void> {
  const { filters, findings, elements, places, stage } = store.state;
  if (filters.grouping !== "missing" || stage !== "ready" || reading) return;
  const unknown = new Map<string, Lack>();
  for (const finding of findings.values()) {
    for (const lack of lacksOf(finding, elements)) {
      const key = placeKey(lack.class, lack.path);
      if (lack.element !== undefined && !places.has(key)) unknown.set(key, lack);
    }
  }
  if (unknown.size === 0) return;
  reading = true;
  try {
    const checker = await start();
    const found = new Map<string, Place | null>(places);
    for (const [key, { element, path }] of unknown) {
      const { facts } = await checker.element(element!);
      const edit = facts.find((fact) => fact.path === path)?.edit;
      found.set(key, edit ? placeOf(edit) : null);
    }
    store.set({ places: found });
  } finally {
    reading = false;
  }
}
