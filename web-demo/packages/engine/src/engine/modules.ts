// From a module file to something that can be asked: read, examined, started, described.

import { PlancheckError, problemOf } from "../errors.js";
import { type Limits, MAX_MODULE_BYTES, PAGE, START_TIMEOUT } from "../limits.js";
import { type Runner, startInline, startThread } from "../module/runner.js";
import { Stop } from "../module/traps.js";
import type { StartPort } from "../port.js";
import type { ModuleRequest } from "../protocol.js";
import type { Problem } from "../report.js";
import type { ModuleInfo, ReadyModule, RuleInfo } from "../types.js";
import type { Face } from "./face.js";
import { type Open, readAll } from "./read.js";

/** A module that takes its place in the ruleset: what is known of it, and how it is asked. */
export type LoadedModule =
  | { id: string; problem: Problem }
  | { id: string; digest: string; manifest: string; preview: boolean; runner: Runner; info: ReadyModule };

export interface ModuleContext {
  /** The engine, which may still be on its way. */
  face: Promise<Face>;
  open: Open;
  /** How a module's thread is started; without, it runs in this one. */
  startModule: StartPort | undefined;
  limits: Limits;
  trustedKeys: readonly string[] | undefined;
}

/** Loads modules, all at once. What cannot be used stays, with the reason; a later one of an id replaces an earlier one. */
export async function loadModules(
  context: ModuleContext,
  requests: ModuleRequest[],
): Promise<LoadedModule[]> {
  const modules: LoadedModule[] = [];
  for (const loaded of await Promise.all(requests.map((request) => loadModule(context, request)))) {
    const known = modules.findIndex((module) => module.id === loaded.id);
    if (known < 0) {
      modules.push(loaded);
      continue;
    }
    const [replaced] = modules.splice(known, 1, loaded);
    if (replaced && "runner" in replaced) replaced.runner.end();
  }
  return modules;
}

async function loadModule(context: ModuleContext, request: ModuleRequest): Promise<LoadedModule> {
  if ("problem" in request.from) return { id: request.name, problem: request.from.problem };
  let runner: Runner | undefined;
  try {
    const { startModule, limits } = context;
    const examined = examine(context, request);
    const code = examined.then((file) => file.code);
    const started = startModule
      ? await startThread(startModule, code, limits)
      : await startInline(code, limits);
    runner = started.runner;
    const { manifest } = started;
    const { face, digest, signedBy } = await examined;
    const described = describe(manifest, face.examineManifest(manifest));
    const signed = signedBy === undefined ? {} : { signedBy };
    const info: ReadyModule = { ...described, status: "ready", digest, applies: true, ...signed };
    return { id: info.id, digest, manifest, preview: request.preview, runner, info };
  } catch (error) {
    runner?.end();
    // The engine's own fault, not the module's.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { id: request.name, problem: error instanceof Stop ? error.problem : problemOf(error, "host") };
  }
}

/** What a manifest says, as far as a manifest that the engine took is read. */
interface Manifest {
  module: Pick<ReadyModule, "id" | "title" | "version" | "publisher" | "limits">;
  jurisdiction: ReadyModule["jurisdiction"];
  rules: Required<Omit<RuleInfo, "section" | "link">>[];
  /** Citation, title, link. */
  sections?: [string, string, string][];
}

/** What a manifest says of the module and its rules, for lists of them. */
function describe(manifest: string, place: string) {
  const { module, jurisdiction, rules, sections = [] } = JSON.parse(manifest) as Manifest;
  const { id, title, version, publisher, limits } = module;
  const described = rules.map(
    ({ id, title, citation, severity, category, stage, verified, page }): RuleInfo => {
      const [, section = "", link = ""] = sections.find(([of]) => of === citation) ?? [];
      return { id, title, citation, section, link, severity, category, stage, verified, page };
    },
  );
  return { id, title, version, publisher, limits, place, jurisdiction, rules: described };
}

/** Reads a file, holds it against what is demanded of it, and takes its code out. */
async function examine(context: ModuleContext, { from, ...demanded }: ModuleRequest) {
  if ("problem" in from) throw new Stop(from.problem);
  const { open, trustedKeys, limits } = context;
  const reading = "url" in from ? read(open, from.url) : "bytes" in from ? from.bytes : from.component;
  const signed = trustedKeys !== undefined || demanded.signature !== undefined;
  const [face, file, signature] = await Promise.all([
    context.face,
    reading,
    signed ? signatureText(open, demanded.signature) : "",
  ]);
  const digest = face.moduleDigest(file);
  if (demanded.digest !== undefined && demanded.digest.toLowerCase() !== digest) {
    throw new PlancheckError(
      "digest-mismatch",
      `its digest is ${digest}, but ${demanded.digest} is demanded`,
    );
  }
  const signedBy = signed ? face.verifySignature(file, signature, [...(trustedKeys ?? [])]) : undefined;
  const core = face.moduleCore(file, Math.floor(limits.moduleMemory / PAGE));
  return { face, code: "core" in from ? from.core : (core.buffer as ArrayBuffer), digest, signedBy };
}

async function read(open: Open, url: string): Promise<Uint8Array> {
  return readAll(await open(url, AbortSignal.timeout(START_TIMEOUT)), MAX_MODULE_BYTES);
}

async function signatureText(open: Open, signature: ModuleRequest["signature"]): Promise<string> {
  if (!signature) return "";
  if ("text" in signature) return signature.text;
  const MAX_SIGNATURE_BYTES = 4_096;
  return new TextDecoder().decode(
    await readAll(await open(signature.url, AbortSignal.timeout(START_TIMEOUT)), MAX_SIGNATURE_BYTES),
  );
}

/** The place of a module in a ruleset, as the engine reads it. */
export function slotOf(module: LoadedModule): unknown {
  if ("problem" in module) return { unavailable: { id: module.id, problem: module.problem } };
  const ready = { ready: { manifest: module.manifest, digest: module.digest } };
  return module.preview ? { preview: ready } : ready;
}

export function infoOf(module: LoadedModule, applies: boolean): ModuleInfo {
  return "problem" in module
    ? { status: "unavailable", id: module.id, applies: true, problem: module.problem }
    : { ...module.info, applies };
}
