// What is known of a team: who is signed in, its buildings, and who looks at the one that is open.

import type { Account, Building, Edit } from "@plancheck/engine";

import { count } from "../logic/wording";

/** What somebody else shows. */
export interface Shown {
  elements: readonly string[];
  finding?: string | undefined;
}

export interface Team {
  /** The server that this page comes from keeps accounts and buildings. */
  offered: boolean;
  account?: Account | undefined;
  /** The session is kept, and the server cannot look at it now: why, for people. It is tried again by itself. */
  resuming?: string | undefined;
  /** As they were listed last. */
  buildings?: readonly Building[] | undefined;
  /** Something is asked of the server: in words. */
  asking?: string | undefined;
  /** The building that is looked at together. */
  building?: Building | undefined;
  link: "none" | "connecting" | "live" | "reconnecting" | "offline";
  /** Edits that were made before are being made here: until then nothing that is shown counts. No total: it is asked. */
  catching?: { done: number; total?: number } | undefined;
  /** Why it is not live, for people. */
  why?: string | undefined;
  /** The name that others see. */
  me?: string | undefined;
  /** Connections, one's own among them. */
  clients: number;
  people: readonly string[];
  /** By the name of who shows it. */
  shown: ReadonlyMap<string, Shown>;
  /** One's own edits that the server has not answered. */
  waiting: number;
  /** Those of them that should have been answered by now. */
  unsent: readonly Edit[];
  /** In which way the server's verdicts are other ones than those of this page. */
  differs?: string | undefined;
}

/** Nobody looks at anything together. */
export const alone = {
  building: undefined,
  link: "none",
  catching: undefined,
  why: undefined,
  me: undefined,
  clients: 0,
  people: [],
  shown: new Map<string, Shown>(),
  waiting: 0,
  unsent: [],
  differs: undefined,
} satisfies Partial<Team>;

export const noTeam: Team = { offered: false, ...alone };

/** Why nothing is edited here: the building that is open is one of the team, and the role may look only. */
export function looksOnly({ building, account }: Team): string | undefined {
  if (!building || account?.permissions.includes("validation:write")) return undefined;
  return `Your role (${account?.role ?? "none"}) may look, not change.`;
}

/** `Catching up, 312 of 800`; the words that a narrow bar leaves out, and the rest. */
export function catchingWords({ done, total }: NonNullable<Team["catching"]>): [string, string] {
  if (total === undefined) return ["", "Catching up…"];
  return ["Catching up, ", `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`];
}

/** `1 edit not sent`; nothing where all were taken. */
export function unsentWords({ unsent }: Team): string {
  return unsent.length > 0 ? `${count(unsent.length, "edit")} not sent` : "";
}

/** What somebody is drawn in: 0 to 5, the same in every page. */
export function colourOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 9973;
  return sum % 6;
}
