// What an edit did to the findings, and how that is said: a verdict that became another one is
// something else than a finding whose words or values are others.

import type { Changes, Finding, Verdict } from "../app/types";
import { count } from "./wording";

interface Delta {
  added: readonly Finding[];
  resolved: readonly string[];
  changed: readonly Finding[];
}

/** `before`: all findings by id, as they were. */
export function changesOf(delta: Delta, before: ReadonlyMap<string, Finding>): Changes {
  const changes: Changes = {
    added: delta.added.map(({ id }) => id),
    resolved: delta.resolved.map((id) => before.get(id)).filter((finding) => finding !== undefined),
    turned: [],
    reworded: [],
  };
  for (const { id, verdict } of delta.changed) {
    const from = before.get(id)?.verdict;
    if (from !== undefined && from !== verdict) changes.turned.push({ id, from, to: verdict });
    else changes.reworded.push(id);
  }
  return changes;
}

/** Ids of the findings that are there and not as they were. */
export function touched({ added, turned, reworded }: Changes): string[] {
  return [...added, ...turned.map(({ id }) => id), ...reworded];
}

/** `3 verdicts changed`; other words and values of the same verdict are none. */
export function verdictsText({ added, resolved, turned }: Changes): string {
  const number = added.length + resolved.length + turned.length;
  return number === 0 ? "No verdict changed" : `${count(number, "verdict")} changed`;
}

export interface Part {
  kind: "resolved" | "added" | "better" | "worse" | "reworded";
  text: string;
}

const rank: Record<Verdict, number> = { fail: 0, undetermined: 1, pass: 2 };

/** `2 resolved`, `1 new`, `1 undetermined → fail`, `3 with other values`. */
export function changeParts({ added, resolved, turned, reworded }: Changes): Part[] {
  const parts: Part[] = [];
  const say = (kind: Part["kind"], number: number, what: string) => {
    if (number > 0) parts.push({ kind, text: `${number.toLocaleString("en")} ${what}` });
  };
  say("resolved", resolved.length, "resolved");
  say("added", added.length, "new");
  const turns = new Map<string, { kind: Part["kind"]; number: number }>();
  for (const { from, to } of turned) {
    const what = `${from} → ${to}`;
    const kind = rank[to] > rank[from] ? "better" : "worse";
    turns.set(what, { kind, number: (turns.get(what)?.number ?? 0) + 1 });
  }
  for (const [what, { kind, number }] of turns) say(kind, number, what);
  say("reworded", reworded.length, "with other values");
  return parts;
}
