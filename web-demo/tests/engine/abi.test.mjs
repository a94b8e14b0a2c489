// The canonical ABI, by hand, against what real compilers make: lists go in and come out as they are.

import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";

import { Guest } from "../../packages/engine/dist/module/guest.js";
import { coreOf } from "../support/component.mjs";
import { bytesOf, hostile, moduleFiles } from "../support/files.mjs";

const LIMIT = 256 << 20;
const guest = async (path) => new Guest(await WebAssembly.compile(coreOf(bytesOf(path))), LIMIT);
const ibc = () => guest(moduleFiles().find((path) => path.endsWith("us-ibc-2024.wasm")));

/** A question about rows of a view, from columns of values. */
function question(manifest, viewName, rows, columns, more) {
  const view = manifest.views.findIndex((view) => view.name === viewName);
  const [layout, numbers, symbols, texts] = [[], [], [], []];
  for (const { name, kind } of manifest.views[view].facts) {
    const values = columns[name] ?? Array(rows).fill(undefined);
    if (kind === "text") {
      layout.push(2);
      symbols.push(...values.map((text) => (text === undefined ? 0xffffffff : texts.push(text) - 1)));
    } else {
      const toleranced = columns[`${name} ±`];
      layout.push(kind === "boolean" ? 3 : toleranced ? 1 : 0);
      numbers.push(
        ...values.map((value) => (value === undefined ? NaN : Number(value))),
        ...(toleranced ?? []),
      );
    }
  }
  const text = new TextEncoder().encode(texts.join(""));
  let end = 0;
  const ends = texts.map((text) => (end += new TextEncoder().encode(text).length));
  const parameters = manifest.parameters.flatMap((parameter) =>
    parameter.cells.map((cell) => cell.value ?? NaN),
  );
  return {
    kind: "evaluate",
    view,
    rows,
    layout: Uint8Array.from(layout),
    numbers: Float64Array.from(numbers),
    symbols: Uint32Array.from(symbols),
    text,
    textEnds: Uint32Array.from(ends),
    parameters: Float64Array.from(parameters),
    detail: false,
    ...more,
  };
}

test("every module describes itself", async () => {
  for (const path of moduleFiles()) {
    const manifest = JSON.parse((await guest(path)).describe());
    assert.equal(`${manifest.module.id}.wasm`, basename(path));
    assert.ok(manifest.rules.length > 5);
  }
});

test("a rule judges numbers, with and without a tolerance, and says what it held against what", async () => {
  const module = await ibc();
  const manifest = JSON.parse(module.describe());
  const rule = manifest.rules.findIndex((rule) => rule.id === "egress-door-clear-width");
  const asked = Uint32Array.of(rule);
  const columns = {
    clear_width: [0.7, 0.9, undefined, 0.81],
    "clear_width ±": [0, 0, 0, 0.02],
    is_exit: [true, true, true, true],
    operation: ["SINGLE_SWING_LEFT", "Türflügel ⟷", undefined, "SLIDING"],
    group: ["B", "B", "B", "B"],
  };
  const { verdicts } = module.ask(question(manifest, "door", 4, columns, { asked }));
  const [rules, rows, kinds, comparisons, units, measured, tolerance, required, facts, , args, ends] =
    verdicts;
  assert.deepEqual([...rules], [0, 0, 0]);
  assert.deepEqual([...rows], [0, 2, 3], "the row that passes is not told");
  assert.deepEqual([...kinds], [1, 2, 2], "fail, undetermined: absent, undetermined: within its tolerance");
  assert.equal(comparisons[0], 1, "at least");
  assert.equal(units[0], 4, "inches");
  assert.equal(measured[0], 0.7);
  assert.equal(tolerance[2], 0.02);
  assert.equal(required[0], 32 * 0.0254);
  assert.equal(facts[1] & 1n, 1n, "the clear width is what is missing");
  assert.equal(ends.length, 3);
  assert.equal(ends.at(-1), args.length);

  const detailed = module.ask(question(manifest, "door", 4, columns, { asked, detail: true }));
  assert.deepEqual([...detailed.verdicts[2]], [1, 0, 2, 2]);
});

test("several rules over one batch", async () => {
  const module = await ibc();
  const manifest = JSON.parse(module.describe());
  const asked = ["egress-door-clear-height", "egress-door-clear-width"].map((id) =>
    manifest.rules.findIndex((rule) => rule.id === id),
  );
  const columns = { clear_width: [0.7], clear_height: [1.9], is_exit: [true] };
  const { verdicts } = module.ask(question(manifest, "door", 1, columns, { asked: Uint32Array.from(asked) }));
  const measured = new Map([...verdicts[0]].map((rule, at) => [rule, verdicts[5][at]]));
  assert.deepEqual(
    measured,
    new Map([
      [0, 1.9],
      [1, 0.7],
    ]),
  );
});

test("derived facts come back as columns", async () => {
  const module = await ibc();
  const manifest = JSON.parse(module.describe());
  const columns = { function: ["office", "no such function"], area: [100, 100], gross_area: [100, 100] };
  const asked = Uint32Array.of(manifest.derived.findIndex((fact) => fact.name === "occupant_load"));
  const answer = module.ask(question(manifest, "space_use", 2, columns, { kind: "derive", asked }));
  const [values, tolerances, facts] = answer.columns;
  assert.equal(values[0], 8, "100 m² of an office at 150 ft² for each person");
  assert.ok(Number.isNaN(values[1]));
  assert.equal(facts.length, 2);
  assert.ok(tolerances.length === 0 || tolerances.length === 2);
});

test("a hundred thousand rows", async () => {
  const module = await ibc();
  const manifest = JSON.parse(module.describe());
  const rows = 100_000;
  const asked = Uint32Array.of(manifest.rules.findIndex((rule) => rule.id === "egress-door-clear-width"));
  const columns = { clear_width: Array.from({ length: rows }, (_, at) => (at % 4 === 0 ? 0.5 : 1)) };
  columns.is_exit = Array(rows).fill(true);
  const { verdicts } = module.ask(question(manifest, "door", rows, columns, { asked }));
  assert.equal(verdicts[1].length, rows / 4);
  assert.ok(verdicts[1].every((row, at) => row === 4 * at));
});

test("every use is a fresh instance: nothing is remembered, nothing is left over", async () => {
  for (const name of ["remembers", "reads-leftovers"]) {
    const module = await guest(hostile(name));
    const manifest = JSON.parse(module.describe());
    const ask = () =>
      module.ask(
        question(manifest, "doors", 3, { clear_width: [0.5, 0.9, 1] }, { asked: Uint32Array.of(0) }),
      );
    const first = ask();
    assert.ok("verdicts" in first, `${name}: ${first.failure?.message}`);
    for (let round = 0; round < 3; round += 1) {
      module.prepare();
      assert.deepEqual(ask(), first, name);
    }
  }
});
