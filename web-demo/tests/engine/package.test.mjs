// The package as it is published: nothing missing, nothing extra, and it works where it is the only one.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

import { moduleFiles, office, packageFolder, root } from "../support/files.mjs";
import { plancheck } from "../support/plancheck.mjs";

const folder = mkdtempSync(join(tmpdir(), "plancheck-package-"));
after(() => rmSync(folder, { recursive: true }));
const web = `${root}web-demo/`;
const npm = (...given) =>
  execFileSync("npm", given, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

// `dist` is there and current: the tests run it. Building it again would pull it away from under the others.
const [packed] = JSON.parse(npm("pack", packageFolder, "--json", "--ignore-scripts"));

test("what is in it", () => {
  const files = packed.files.map((file) => file.path).sort();
  const sources = execFileSync("find", ["src", "-name", "*.ts"], { cwd: packageFolder, encoding: "utf8" });
  const built = sources
    .trim()
    .split("\n")
    .flatMap((source) => {
      const path = source.replace(/^src/, "dist").replace(/(\.d)?\.ts$/, "");
      return source.endsWith(".d.ts") ? [`${path}.d.ts`] : [`${path}.d.ts`, `${path}.js`];
    });
  const rest = [
    "LICENSE",
    "README.md",
    "package.json",
    "wasm/engine.js",
    "wasm/engine.d.ts",
    "wasm/engine_bg.wasm",
  ];
  assert.deepEqual(files, [...built, ...rest].sort());
});

test("how large it is", () => {
  const engine = gzipSync(readFileSync(`${packageFolder}wasm/engine_bg.wasm`), { level: 9 }).length;
  assert.ok(engine <= 600_000, `the engine has ${engine} bytes compressed, at most 600 kB are wanted`);
});

test("its description of itself", () => {
  const described = JSON.parse(readFileSync(`${packageFolder}package.json`, "utf8"));
  assert.equal(described.license, "Apache-2.0");
  assert.equal(described.dependencies, undefined, "it needs no other package");
  const named = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(named));
  const listed = [described.exports, described.bin, described.types, described.sideEffects].flatMap(named);
  assert.ok(listed.length > 8);
  for (const path of listed)
    assert.ok(existsSync(join(packageFolder, path)), `${path} is named, but not there`);
  assert.equal(readFileSync(`${packageFolder}LICENSE`, "utf8"), readFileSync(`${root}LICENSE`, "utf8"));
});

test("installed in an empty folder, it checks a model in Node", async () => {
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  npm("install", "--no-audit", "--no-fund", "--offline", `./${packed.filename}`);
  cpSync(`${web}examples/node/check.mjs`, join(folder, "check.mjs"));
  let printed;
  try {
    printed = execFileSync(process.execPath, ["check.mjs", office, ...moduleFiles()], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.fail("the office has failures: the script says so by its exit code");
  } catch (error) {
    if (error.status !== 1) throw error;
    printed = error.stdout;
  }
  const named = moduleFiles().flatMap((module) => ["--module", module]);
  const { findings } = JSON.parse(
    new TextDecoder().decode(
      await plancheck("validate", office, "--format", "json", "--no-builtin", ...named),
    ),
  );
  const failing = findings.filter((finding) => finding.verdict === "fail");
  assert.equal(printed.trim().split("\n").length, failing.length);
});

test("its command takes the code out of a module file", () => {
  const out = join(folder, "core.wasm");
  npm("exec", "--offline", "--", "plancheck-core", moduleFiles()[0], out);
  const module = new WebAssembly.Module(readFileSync(out));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.ok(statSync(out).size < statSync(moduleFiles()[0]).size);
  assert.throws(
    () => npm("exec", "--offline", "--", "plancheck-core", office, out),
    /not a WebAssembly component/,
  );
  assert.throws(() => npm("exec", "--offline", "--", "plancheck-core"), /usage/);
});

test("its types are enough for a program without those of the DOM", () => {
  writeFileSync(
    join(folder, "uses.mts"),
    `import { createChecker, type Finding, type Delta, PlancheckError } from "@plancheck/engine";
const checker = await createChecker({ modules: ["a.wasm", { bytes: new Uint8Array(1), digest: "x" }] });
const { report } = await checker.validate({ signal: AbortSignal.timeout(1) });
const finding: Finding | undefined = report.findings[0];
const message: string | undefined = finding?.measured?.display;
checker.on("delta", ({ delta }: { delta: Delta }) => delta.resolved.map((id: string) => id.length));
// @ts-expect-error there is no such operation
await checker.edit({ op: "paint", element: "x" });
// @ts-expect-error a finding has no colour
export const wrong = finding?.colour;
export const code = new PlancheckError("a", "b").code + message;
`,
  );
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  for (const name of ["@types/node", "undici-types"]) {
    cpSync(`${web}node_modules/${name}`, join(folder, "node_modules", name), { recursive: true });
  }
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--lib",
    "es2023",
    "--module",
    "nodenext",
    "--types",
    "node",
  ];
  try {
    execFileSync(`${web}node_modules/.bin/tsc`, [...options, "uses.mts"], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("the example for Vite builds from it, workers, engine and all", () => {
  cpSync(`${web}examples/vite`, folder, {
    recursive: true,
    filter: (path) => basename(path) !== "package.json",
  });
  mkdirSync(join(folder, "modules"), { recursive: true });
  for (const path of moduleFiles()) cpSync(path, join(folder, "modules", basename(path)));
  symlinkSync(`${web}node_modules/vite`, join(folder, "node_modules/vite"));
  const vite = join(folder, "node_modules/vite/bin/vite.js");
  const said = execFileSync(process.execPath, [vite, "build"], { cwd: folder, encoding: "utf8" });
  for (const part of [/engine_bg-[\w-]+\.wasm/, /worker-[\w-]+\.js/, /us-ibc-2024-[\w-]+\.wasm/])
    assert.match(said, part);
});
