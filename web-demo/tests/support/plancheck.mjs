// The program, which is what everything here is held against.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** The administrator of every server that is started here. */
export const admin = { name: "admin", password: "a horse, a battery, and a staple" };

/**
 * Starts the server on a free port, or on the one that `--listen` names; gives its address and what ends it. It keeps
 * what it keeps in a folder of its own, unless `--data-dir` names one. It has the modules that pages have.
 */
export async function startHost(...given) {
  const own = mkdtempSync(join(tmpdir(), "plancheck-host-"));
  const password = join(own, "password");
  writeFileSync(password, admin.password);
  const listen = given.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const kept = given.includes("--data-dir") ? [] : ["--data-dir", join(own, "data")];
  const child = spawn(
    program(),
    ["serve", "--no-rulebooks", ...listen, ...kept, "--admin-password-file", password, ...given],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const tidy = () => rmSync(own, { recursive: true, force: true });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
      const found = /http:\/\/[\d.]+:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => {
      tidy();
      reject(new Error(`plancheck serve ended with ${code}`));
    });
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    url,
    /** `SIGKILL`: as when the machine fails. */
    async end(signal = "SIGTERM") {
      child.kill(signal);
      await ended;
    },
  };
}
