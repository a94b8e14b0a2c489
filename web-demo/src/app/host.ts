// The Plancheck server that serves this page, where one does.

import { connectHost, type Host, type ModuleSource } from "@plancheck/engine";

import { notify } from "./notices";
import { store } from "./store";
import { KeptSession } from "./team-session";

let host: Host | undefined;
let session: KeptSession | undefined;
const listeners = new Set<() => void>();
const resumed = new Set<() => void>();

/** Milliseconds before the session is tried again; twice as many before each further attempt, and never more than
 * the last. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** The server, once it is found. */
export const theHost = (): Host | undefined => host;

export async function findHost(): Promise<Host | undefined> {
  // An engine that starts again goes on with who is signed in.
  if (host) return host;
  const base = new URL(".", document.baseURI);
  const kept = new KeptSession(base.href, () => listeners.forEach((listener) => listener()));
  try {
    host = await connectHost(base, {
      onTokens: (tokens) => kept.keep(tokens?.refreshToken),
      inTurn: (own, refresh) => kept.inTurn(own, refresh),
    });
  } catch {
    // The page is there and its server is not: check with what is shipped.
    return undefined;
  }
  session = kept;
  await resume(host, kept);
  store.set({ host: { url: base.host, version: host.version } });
  return host;
}

/** Goes on with the session that this tab had before it was loaded again. */
async function resume(found: Host, kept: KeptSession): Promise<void> {
  const { token } = kept;
  if (token === undefined) return;
  const wrong = await tryToResume(found, kept, token);
  if (wrong === undefined) return;
  say(wrong);
  void resumeLater(found, kept);
}

/** Why it has to be tried again, for people. */
async function tryToResume(found: Host, kept: KeptSession, token: string): Promise<string | undefined> {
  try {
    await found.resume(token);
  } catch (error) {
    const { code } = error as { code?: unknown };
    // That a session has ended says the server alone: while it cannot look, nobody is asked for a password.
    if (code !== "unauthorized")
      return code === "unreachable"
        ? "The server does not answer just now; trying again."
        : "The server cannot look at sessions just now; trying again.";
    kept.forget();
    notify("error", "Your session at this server has ended. Sign in again.");
  }
  return undefined;
}

async function resumeLater(found: Host, kept: KeptSession): Promise<void> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
    const { token } = kept;
    // Somebody signed in, or out in another tab.
    if (found.account || token === undefined) return say(undefined);
    const wrong = await tryToResume(found, kept, token);
    say(wrong);
    if (wrong === undefined) break;
  }
  resumed.forEach((listener) => listener());
}

function say(resuming: string | undefined): void {
  store.set({ team: { ...store.state.team, resuming } });
}

/** Is told when the server could look at the session after all: somebody is signed in, or the session has ended. */
export function onResumed(listener: () => void): void {
  resumed.add(listener);
}

/** Is told when somebody signs out in another tab that shares this one's session. */
export function onSignedOutElsewhere(listener: () => void): void {
  listeners.add(listener);
}

/** Signs out, here and in the tabs that share the session. What was kept is forgotten, whatever the server says. */
export async function endSession(): Promise<void> {
  session?.end();
  await host?.logout();
}

/** Before somebody signs in: what another one left is not theirs. */
export function forgetSession(): void {
  session?.forget();
}

export async function hostModules(): Promise<ModuleSource[]> {
  if (!host) throw new Error("there is no server");
  return host.modules();
}

export interface Comparison {
  same: boolean;
  /** Where they differ first, as a JSON pointer; empty where only their form differs. */
  firstDifference?: string | undefined;
  here: Side;
  there: Side;
  milliseconds: number;
}

export interface Side {
  bytes: number;
  /** SHA-256, hex; undefined where the page is not served securely. */
  digest?: string | undefined;
  engine: string;
  ruleset: string;
}

/** Sends the file to the server and holds its report against the one made here. */
export async function compareWithHost(here: Uint8Array, signal: AbortSignal): Promise<Comparison> {
  const { model } = store.state;
  if (!host || !model) throw new Error("there is nothing to compare");
  const began = performance.now();
  const { ruleset } = JSON.parse(new TextDecoder().decode(here)) as {
    ruleset: { modules: { id: string }[] };
  };
  // With what this page has: the server may know more codes of the place.
  const modules = ruleset.modules.map((module) => module.id);
  const there = await host.validate(model.file, { modules, detail: false, signal });
  const milliseconds = performance.now() - began;
  const { same, firstDifference } = host.compare(here, there);
  return {
    same,
    firstDifference: firstDifference?.path,
    here: await side(here),
    there: await side(there.bytes),
    milliseconds,
  };
}

async function side(bytes: Uint8Array): Promise<Side> {
  const { engine, ruleset } = JSON.parse(new TextDecoder().decode(bytes)) as {
    engine: { digest: string };
    ruleset: { digest: string };
  };
  return { bytes: bytes.length, digest: await sha256(bytes), engine: engine.digest, ruleset: ruleset.digest };
}

async function sha256(bytes: Uint8Array): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
