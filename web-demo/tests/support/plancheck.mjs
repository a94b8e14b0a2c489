// The program, which is what everything here is held against.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { program } from "./files.mjs";

/** Runs it; gives what it wrote. Exit codes above 1 are faults. */
export function plancheck(...given) {
  return new Promise((resolve, reject) => {
    execFile(program(), given, { encoding: "buffer", maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      if (error && error.code !== 1)
        reject(new Error(`plancheck ${given.join(" ")}: ${error.message}\n${stderr}`));
      else resolve(new Uint8Array(stdout));
    });
  });
}

/** The report of a model, with exactly these modules. */
export function hostReport(model, modules, ...more) {
  const named = modules.flatMap((module) => ["--module", module]);
  return plancheck("validate", model, "--format", "json", "--no-builtin", ...named, ...more);
}

/** Starts the server on a free port; gives its address and what ends it. */
export async function startHost(...given) {
  const data = await mkdtemp(join(tmpdir(), "plancheck-host-"));
  const child = spawn(program(), ["serve", "--listen", "127.0.0.1:0", "--data-dir", data, ...given], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
      const found = /http:\/\/[\d.]+:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`plancheck serve ended with ${code}`)));
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    url,
    async end() {
      child.kill("SIGTERM");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}
