// The types that are written by hand say what the engine really gives: nothing missing, nothing extra.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { bytesOf, hostile, moduleFiles, office, packageFolder, root } from "../support/files.mjs";

test("every answer fits its type", async () => {
  const checker = await createChecker({ modules: [...moduleFiles(), hostile("panic")] });
  const progress = [];
  const failures = [];
  checker.on("progress", (of) => progress.push(of));
  checker.on("module-failed", (of) => failures.push(of));
  const summary = await checker.load(office, { name: "office.ifc" });
  const { report } = await checker.validate({ detail: true });
  const elements = await checker.elements();
  const of = (name) => elements.elements.find((element) => element.class === name).global_id;
  const door = of("IfcDoor");
  const details = await Promise.all(
    ["IfcDoor", "IfcSpace", "IfcBuildingStorey", "IfcWall"].map((name) => checker.element(of(name))),
  );
  const { delta } = await checker.edit([
    { op: "set_attribute", element: door, name: "OverallWidth", value: 0.4 },
    { op: "set_property", element: door, set: "Pset_DoorCommon", name: "FireExit", value: null },
  ]);
  const edited = await checker.element(door);
  const document = bytesOf(`${root}demo/office.ids`);
  const idsReport = await checker.idsCheck([{ name: "office.ids", bytes: document }]);
  const audits = await Promise.all(
    [document, new TextEncoder().encode("<ids/>")].map((bytes) => checker.idsAudit(bytes)),
  );
  const modules = checker.modules();
  checker.close();
  assert.ok(
    report.findings.length > 50 && delta.changed.length + delta.added.length > 0 && failures.length > 0,
  );

  const folder = mkdtempSync(join(tmpdir(), "plancheck-types-"));
  const values = {
    ModelSummary: [summary],
    Report: [report],
    ModelElements: [elements],
    ElementDetails: [...details, edited],
    Delta: [delta],
    IdsReport: [idsReport],
    IdsAudit: audits,
    ModuleInfo: modules,
    Progress: progress,
    ModuleFailure: failures,
  };
  const names = Object.keys(values);
  const lines = names.map((name) => `export const ${name}_: ${name}[] = ${JSON.stringify(values[name])};`);
  // In a literal, TypeScript refuses fields that a type does not have.
  writeFileSync(
    join(folder, "answers.ts"),
    `import type { ${names.join(", ")} } from "${packageFolder}dist/index.js";\n${lines.join("\n")}\n`,
  );
  try {
    execFileSync(
      `${root}web-demo/node_modules/.bin/tsc`,
      [
        "--noEmit",
        "--strict",
        "--exactOptionalPropertyTypes",
        "--target",
        "es2022",
        "--module",
        "es2022",
      ].concat(["--moduleResolution", "bundler", "--lib", "es2023,dom", join(folder, "answers.ts")]),
      { cwd: folder, encoding: "utf8" },
    );
  } catch (error) {
    assert.fail(error.stdout.slice(0, 4_000));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
