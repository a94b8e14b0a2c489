// Errors as people read them: what was wrong, where, and what to do.

import type { Problem } from "../app/types";

interface Coded {
  code?: unknown;
  message?: unknown;
}

interface Said {
  title: string;
  advice: string;
}

/** By code, or by what the code begins with. */
const said: Record<string, Said> = {
  "not-a-model": {
    title: "This is not a building model",
    advice: "Open an IFC file (STEP, also zipped as .ifczip) or a model in Plancheck’s JSON form.",
  },
  "step.not-step": {
    title: "This is not a building model",
    advice: "Open an IFC file (STEP, also zipped as .ifczip) or a model in Plancheck’s JSON form.",
  },
  "model-too-large": {
    title: "The model is too large for this browser",
    advice: "Check it with the command line or on a server, which may use more memory.",
  },
  "report-too-large": {
    title: "The report is too large for this browser",
    advice: "Check it with the command line.",
  },
  "step.": {
    title: "The IFC file cannot be read",
    advice: "Export it again, or open it in the program that wrote it.",
  },
  "model.": {
    title: "The model cannot be read",
    advice: "Export it again, or open it in the program that wrote it.",
  },
  "ids.": {
    title: "The IDS document cannot be read",
    advice: "Audit it with `plancheck ids audit`, which says what is wrong by line.",
  },
  "no-module-applies": {
    title: "No code applies at this place",
    advice: "Choose a place that one of the loaded modules covers, or all places.",
  },
  "bad-place": {
    title: "This place cannot be understood",
    advice: "Write country, state, county, city: us/ca/san-francisco.",
  },
  "no-modules": {
    title: "No codes are loaded",
    advice: "Reload the page; if it stays so, this installation has no modules.",
  },
  deadline: {
    title: "A module took too long",
    advice: "Its rules have no verdict. The other modules are not affected.",
  },
  "out-of-memory": { title: "A module used too much memory", advice: "Its rules have no verdict." },
  "session-over": {
    title: "The engine stopped",
    advice: "Open the model again. If it happens each time, please report it.",
  },
  unauthorized: {
    title: "This server asks who you are",
    advice: "Sign in to go on.",
  },
  unreachable: {
    title: "The server does not answer",
    advice: "Check that it runs and that this computer is connected, then try again.",
  },
  "not-a-host": {
    title: "This is not a Plancheck server",
    advice: "Something else may answer in its place: a proxy, or the sign-in page of a network.",
  },
  forbidden: {
    title: "Your role may not do this",
    advice: "Ask an administrator of the server, if you need to.",
  },
  "no-such-building": {
    title: "There is no such building",
    advice: "It was removed, or belongs to another organisation. The menu Team lists those that there are.",
  },
  "store-unavailable": {
    title: "The server’s database does not answer",
    advice: "Try again in a moment; if it stays so, tell who runs the server.",
  },
  "login-throttled": {
    title: "Too many attempts",
    advice: "It takes 30 seconds at most until the next one.",
  },
  "too-many-edits": {
    title: "The model has too many edits",
    advice: "Upload it again as it is now.",
  },
  "check-failed": {
    title: "The server cannot check the building",
    advice: "You can go on alone: this page checks by itself. Tell who runs the server.",
  },
  "signature-": {
    title: "A module’s signature does not hold",
    advice: "Its rules are not used. Get the module from its publisher.",
  },
  "digest-mismatch": {
    title: "A module is not what it says it is",
    advice: "Its rules are not used. Get the module from its publisher.",
  },
};

function find(code: string): Said | undefined {
  const exact = said[code];
  if (exact) return exact;
  const prefix = Object.keys(said).find((key) => /[.-]$/.test(key) && code.startsWith(key));
  return prefix ? said[prefix] : undefined;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function problemOf(error: unknown, fallback = "Something went wrong"): Problem {
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as Coded;
  const name = typeof code === "string" ? code : "internal";
  const known = find(name);
  return {
    code: name,
    title: known?.title ?? fallback,
    message: sentence(typeof message === "string" && message ? message : String(error)),
    ...(known ? { advice: known.advice } : {}),
  };
}

/** What was wrong and what to do, for people. */
export function told(error: unknown): string {
  const { message, advice } = problemOf(error);
  return withAdvice(message, advice);
}

/** All that is known of a problem, nothing of it twice. */
export function wholly({ title, message, advice }: Problem): string {
  return withAdvice(repeats(title, message) ? message : `${title}. ${message}`, advice);
}

function withAdvice(message: string, advice: string | undefined): string {
  return advice === undefined || repeats(advice, message) ? message : `${message} ${advice}`;
}

/** Most words of one text are in the other, too: it says nothing new. */
function repeats(one: string, other: string): boolean {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? [];
  const there = new Set(words(other));
  const all = words(one).filter((word) => !/^(the|and|that|this|its?)$/.test(word));
  return all.length > 0 && all.filter((word) => there.has(word)).length / all.length >= 0.6;
}

export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
