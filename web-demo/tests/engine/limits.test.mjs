// The limits that a caller sets are those that hold, and are named when they are passed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { bytesOf, hostile, moduleFiles, office, packageFolder } from "../support/files.mjs";
import { codeOf, within } from "../support/reports.mjs";

/** What becomes of the one rule of a module. */
async function problemWith(path, limits) {
  const checker = await createChecker({ modules: [path], limits });
  const [module] = checker.modules();
  if (module.problem) {
    checker.close();
    return module.problem;
  }
  await checker.load(office);
  const { report } = await checker.validate();
  checker.close();
  return report.rules[0].problem;
}

test("the deadline", async () => {
  const started = performance.now();
  const { code, message } = await within(
    30_000,
    problemWith(hostile("endless-loop"), { moduleDeadline: 300 }),
  );
  assert.deepEqual([code, message], ["deadline", "gave no answer within 300 ms"]);
  assert.ok(performance.now() - started > 300);
});

test("the memory", async () => {
  const hog = await problemWith(hostile("memory-hog"), { moduleMemory: 16 << 20 });
  assert.deepEqual(hog, { code: "out-of-memory", message: `needs more than ${16 << 20} bytes of memory` });
  const small = await problemWith(moduleFiles()[0], { moduleMemory: 1 << 20 });
  assert.deepEqual(small, { code: "out-of-memory", message: `needs more than ${1 << 20} bytes of memory` });
  assert.equal(await problemWith(moduleFiles()[0], { moduleMemory: 8 << 20 }), undefined);
});

/** The engine with a memory that cannot grow by more than `pages`. */
function engineWithin(pages) {
  const engine = bytesOf(`${packageFolder}wasm/engine_bg.wasm`);
  const encoded = (value) => {
    const bytes = [];
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
  };
  const numberAt = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = engine[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return [value >>> 0, at];
    }
  };
  for (let at = 8; at < engine.length;) {
    const start = at;
    const id = engine[at];
    const [length, content] = numberAt(at + 1);
    at = content + length;
    if (id !== 5) continue;
    const [least] = numberAt(content + 2);
    const section = [1, 1, ...encoded(least), ...encoded(least + pages)];
    return Buffer.concat([
      engine.slice(0, start),
      Uint8Array.of(5, section.length, ...section),
      engine.slice(at),
    ]);
  }
  throw new Error("the engine has no memory");
}

test("an engine that runs out of memory ends its session, and nothing hangs", async () => {
  const codes = [];
  for (const pages of [0, 4, 8, 16, 24]) {
    const engine = engineWithin(pages);
    const made = await within(
      20_000,
      createChecker({ modules: moduleFiles(), engine }).catch((error) => error),
    );
    if (made instanceof Error) {
      codes.push(made.code ?? String(made));
      continue;
    }
    for (const call of [() => made.load(office), () => made.validate()]) {
      const code = await within(20_000, codeOf(call()));
      if (code === "no error") continue;
      codes.push(code);
      const after = code === "engine-stopped" ? "session-over" : "no-model";
      assert.equal(await within(20_000, codeOf(made.elements())), after, `${code} with ${pages} pages`);
      break;
    }
    made.close();
  }
  assert.ok(codes.length > 0, "none of them was too small");
  // The engine stops, says so while it starts, or refuses the model by name and lives on.
  assert.deepEqual(
    codes.filter((code) => !["engine-stopped", "out-of-memory", "model.no-memory"].includes(code)),
    [],
  );
});

test("limits that are none are refused", async () => {
  for (const limits of [
    { moduleDeadline: Infinity },
    { moduleDeadline: NaN },
    { moduleMemory: 0 },
    { moduleMemory: 1e12 },
  ]) {
    await assert.rejects(createChecker({ modules: moduleFiles(), limits }), { code: "bad-argument" });
  }
  assert.equal(await problemWith(moduleFiles()[0], { moduleMemory: undefined }), undefined);
});
