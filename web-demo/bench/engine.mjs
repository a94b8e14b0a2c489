// How fast the package is in Chromium: node bench/engine.mjs [MODEL.ifc] [EDITS]
// Prints medians; one page for each measurement of the start, one model for the rest. Beside it, in the same
// run: the same engine natively (target/debug/examples/native_times, built by `./x bench web`), and web-ifc
// opening the same bytes in the same browser.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

import { startBrowser } from "../tests/support/browser.mjs";
import {
  largeModel,
  moduleFiles,
  modulesFolder,
  office,
  packageFolder,
  root,
} from "../tests/support/files.mjs";
import { serve } from "../tests/support/static-server.mjs";

const model = process.argv[2] ?? largeModel()?.path ?? office;
const edits = Number(process.argv[3] ?? 1_000);
const modules = moduleFiles().map((path) => `/modules/${basename(path)}`);

const server = await serve({
  "/index.html": { text: `<!doctype html><script type="module" src="/page.js"></script>` },
  "/page.js": { text: `import * as plancheck from "/package/dist/index.js"; window.plancheck = plancheck;` },
  "/favicon.ico": { text: "" },
  "/package/": packageFolder,
  "/modules/": modulesFolder(),
  "/model.ifc": model,
  "/web-ifc/": `${root}web-demo/node_modules/web-ifc/`,
});
const browser = await startBrowser();
const open = async () => {
  const opened = await browser.page(`${server.url}/`);
  await opened.page.waitForFunction("window.plancheck !== undefined");
  return opened;
};

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const median = (values) =>
  at(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const line = (what, text) => console.log(`${what.padEnd(38)}${text}`);

const starts = [];
for (let round = 0; round < 5; round += 1) {
  const { page, close } = await open();
  starts.push(
    await page.evaluate(async (modules) => {
      const started = performance.now();
      const module = await WebAssembly.compileStreaming(fetch("/package/wasm/engine_bg.wasm"));
      const compiled = performance.now();
      const { default: init } = await import("/package/wasm/engine.js");
      const imported = performance.now();
      await init({ module_or_path: module });
      const instance = performance.now() - imported + compiled - started;
      const opening = performance.now();
      const checker = await window.plancheck.createChecker({ modules });
      const open = performance.now() - opening;
      checker.close();
      return { instance, open };
    }, modules),
  );
  await close();
}

const { page, close } = await open();
const found = await page.evaluate(
  async ({ modules, edits }) => {
    const checker = await window.plancheck.createChecker({ modules });
    const file = await (await fetch("/model.ifc")).blob();
    const timed = async (act) => {
      const started = performance.now();
      const value = await act();
      return [performance.now() - started, value];
    };
    const loads = [];
    const validations = [];
    let bytes = 0;
    for (let round = 0; round < 5; round += 1) {
      const buffer = await file.arrayBuffer();
      loads.push((await timed(() => checker.load(buffer)))[0]);
      const [took, result] = await timed(() => checker.validate());
      validations.push(took);
      bytes = result.bytes.length;
    }
    const [fromFile] = await timed(() => checker.load(file));
    const { report } = await checker.validate();
    const elements = [
      ...new Map(report.findings.map(({ element }) => [element.global_id, element])).values(),
    ];
    const kinds = {
      IfcDoor: ["OverallWidth", 0.7, 0.01],
      IfcStairFlight: ["RiserHeight", 0.15, 0.001],
      IfcSpace: ["LongName", "Office", ""],
    };
    const editable = elements.filter((element) => kinds[element.class]);
    const latencies = [];
    let findings = 0;
    for (let round = 0; round < edits && editable.length > 0; round += 1) {
      const element = editable[round % editable.length];
      const [name, from, step] = kinds[element.class];
      const value = typeof from === "number" ? from + (round % 50) * step : `${from} ${round}`;
      const edit = { op: "set_attribute", element: element.global_id, name, value };
      const { delta, milliseconds } = await checker.edit(edit);
      latencies.push(milliseconds);
      findings += delta.added.length + delta.resolved.length + delta.changed.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    checker.close();
    return { loads, validations, fromFile, bytes, latencies, findings };
  },
  { modules, edits },
);
await close();

/** web-ifc opening the model, which reads it and makes no shapes. */
async function peer() {
  const { page, close } = await open();
  const opened = await page.evaluate(async () => {
    const { IfcAPI } = await import("/web-ifc/web-ifc-api.js");
    const api = new IfcAPI();
    api.SetWasmPath("/web-ifc/", true);
    await api.Init(undefined, true);
    const bytes = new Uint8Array(await (await fetch("/model.ifc")).arrayBuffer());
    const times = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      const id = api.OpenModel(bytes);
      times.push(performance.now() - started);
      api.CloseModel(id);
    }
    return times;
  });
  await close();
  return opened;
}
const webIfc = await peer();

const nativeProgram = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/debug/examples/native_times`;
const native = existsSync(nativeProgram)
  ? JSON.parse(execFileSync(nativeProgram, [model, "5"], { encoding: "utf8" }))
  : undefined;
await browser.end();
await server.end();

const wasm = readFileSync(`${packageFolder}wasm/engine_bg.wasm`);
line(
  "engine",
  `${(wasm.length / 1000).toFixed()} kB, ${(gzipSync(wasm, { level: 9 }).length / 1000).toFixed()} kB gzip`,
);
line("engine compiled and instantiated", ms(median(starts.map((start) => start.instance))));
line("createChecker, modules and all", ms(median(starts.map((start) => start.open))));
line(
  basename(model),
  `${(statSync(model).size / 1e6).toFixed(1)} MB, report ${(found.bytes / 1000).toFixed()} kB`,
);
line("load from memory", ms(median(found.loads)));
line("load from a file", ms(found.fromFile));
line("validate", ms(median(found.validations)));
const whole = median(found.loads) + median(found.validations);
if (native) {
  const natively = native.load + native.validate;
  line(
    "load and validate, beside native",
    `${ms(whole)} to ${ms(natively)} (${ms(native.load)} + ${ms(native.validate)}): ${(whole / natively).toFixed(2)} × native`,
  );
} else {
  line("load and validate, beside native", `LEFT OUT: ${nativeProgram} is not built`);
}
const opened = median(webIfc);
line("web-ifc OpenModel alone", `${ms(opened)}: ${(opened / whole).toFixed(2)} × our load and validate`);
if (found.latencies.length > 0) {
  const sorted = [...found.latencies].sort((a, b) => a - b);
  const of = [0.5, 0.9, 0.99, 1].map((part) => ms(at(sorted, part)));
  line(
    `edit → delta, ${sorted.length} edits`,
    `median ${of[0]}, p90 ${of[1]}, p99 ${of[2]}, most ${of[3]}; ${found.findings} findings changed`,
  );
}
