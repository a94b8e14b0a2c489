// The example for the edge, in the real workerd: no threads, no code compiled while it runs, the same bytes.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "vite";

import { moduleFiles, office, packageFolder, root } from "../support/files.mjs";
import { hostReport } from "../support/plancheck.mjs";
import { sameReport } from "../support/reports.mjs";

const module = moduleFiles().find((path) => path.endsWith("us-ibc-2024.wasm"));
const folder = mkdtempSync(join(tmpdir(), "plancheck-edge-"));
const { default: workerd } = createRequire(import.meta.url)("workerd");

/** What wrangler does: bundles scripts for workerd, leaves WebAssembly and data beside them. */
async function deploy() {
  await build({
    root: `${root}web-demo/examples/edge`,
    logLevel: "error",
    resolve: { conditions: ["workerd", "worker", "browser"] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      lib: { entry: "worker.ts", formats: ["es"], fileName: () => "worker.js" },
      rolldownOptions: { external: [/\.(wasm|bin)$/] },
    },
  });
  copyFileSync(`${packageFolder}wasm/engine_bg.wasm`, join(folder, "engine.wasm"));
  copyFileSync(module, join(folder, "component.bin"));
  execFileSync(process.execPath, [`${packageFolder}dist/cli.js`, module, join(folder, "core.wasm")]);
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const main :Workerd.Worker = (
  compatibilityDate = "2025-09-01",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "@plancheck/engine/engine.wasm", wasm = embed "engine.wasm"),
    (name = "us-ibc-2024.core.wasm", wasm = embed "core.wasm"),
    (name = "us-ibc-2024.bin", data = embed "component.bin"),
  ]
);
`,
  );
}

await deploy();
const runtime = spawn(workerd, ["serve", join(folder, "config.capnp"), "--control-fd=3"], {
  stdio: ["ignore", "inherit", "inherit", "pipe"],
});
after(() => {
  runtime.kill();
  rmSync(folder, { recursive: true });
});
const port = await new Promise((resolve, reject) => {
  runtime.stdio[3].on("data", (data) => {
    const event = JSON.parse(String(data).split("\n")[0]);
    if (event.event === "listen") resolve(event.port);
  });
  runtime.on("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
});
const post = (body) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });

test("the report of workerd is the host's, byte for byte", async () => {
  const expected = await hostReport(office, [module]);
  // A second request finds the engine warm.
  for (const round of ["first", "second"]) {
    const response = await post(readFileSync(office));
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(response.status, 200, new TextDecoder().decode(bytes.slice(0, 500)));
    sameReport(bytes, expected, `${round} request`);
  }
});

test("what is no model is a typed error", async () => {
  const response = await post("hello");
  assert.equal(response.status, 422);
  assert.match((await response.json()).code, /^(step|model)\./);
});
