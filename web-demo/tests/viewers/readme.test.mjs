// What the package's README shows is held against its types.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { made } from "../support/files.mjs";

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What the text around the examples speaks of. */
const GIVEN = `
declare module "web-ifc/web-ifc.wasm?url" { const url: string; export default url; }
declare module "@xeokit/xeokit-sdk" {
  type Shown = import("@plancheck/viewers/xeokit").XeokitViewer & { scene: { canvas: { canvas: HTMLCanvasElement } } };
  export const Viewer: new (options: object) => Shown;
  export const XKTLoaderPlugin: any;
}
declare const checker: import("@plancheck/engine").Checker;
declare const report: import("@plancheck/engine").Report;
declare const delta: import("@plancheck/engine").Delta;
declare const findings: import("@plancheck/engine").Report["findings"];
declare const marks: import("@plancheck/viewers/core").Highlight<import("@plancheck/engine").Report["findings"][number]>;
declare const highlight: typeof import("@plancheck/viewers/three").highlight;
declare const globalId: string;
declare const click: PointerEvent;
declare const file: File;
declare const components: import("@thatopen/components").Components;
declare const world: import("@thatopen/components").SimpleWorld & { renderer: import("@thatopen/components").SimpleRenderer };
declare const group: import("three").Group;
declare const camera: import("three").PerspectiveCamera;
declare const renderer: import("three").WebGLRenderer;
declare const controls: import("three/addons/controls/OrbitControls.js").OrbitControls;
declare const render: () => void;
declare const meshesOfWebIfc: (import("three").Mesh & { flatMesh: import("web-ifc").FlatMesh })[];
`;

test("the examples of the README compile", () => {
  for (const name of ["engine", "viewers"]) {
    made(folder(`../../packages/${name}/dist/`), `run \`npm run build -w @plancheck/${name}\``);
  }
  const examples = [
    ...readFileSync(folder("../../packages/viewers/README.md"), "utf8").matchAll(/```ts\n(.*?)```/gs),
  ];
  assert.ok(examples.length >= 5);
  // Inside the workspace, so that packages are found.
  const scratch = mkdtempSync(folder("./readme-"));
  try {
    writeFileSync(join(scratch, "given.d.ts"), GIVEN);
    examples.forEach(([, code], i) =>
      writeFileSync(join(scratch, `example-${i}.ts`), `${code}\nexport {};\n`),
    );
    const options = { strict: true, skipLibCheck: true, noEmit: true, types: [] };
    const compilerOptions = { ...options, target: "es2022", module: "esnext", moduleResolution: "bundler" };
    compilerOptions.lib = ["es2023", "dom", "dom.iterable"];
    writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const tsc = folder("../../node_modules/typescript/bin/tsc");
    try {
      execFileSync(process.execPath, [tsc, "-p", scratch], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      assert.fail(error.stdout);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
