// Calls: every kind of source, one after the other in order, cancelled, too many at once, after the end.

import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import { openAsBlob } from "node:fs";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { PlancheckError, createChecker } from "@plancheck/engine";
import { bytesOf, moduleFiles, office, root } from "../support/files.mjs";
import { codeOf, sameReport, within } from "../support/reports.mjs";
import { serve } from "../support/static-server.mjs";

const modules = moduleFiles();
const checker = await createChecker({ modules });
await checker.load(office);
const expected = (await checker.validate()).bytes;
const server = await serve({ "/": `${root}demo/` });
after(() => (checker.close(), server.end()));

const sources = {
  "a path": () => office,
  "a file URL": () => pathToFileURL(office),
  "an address": () => `${server.url}/office.ifc`,
  "an ArrayBuffer": () => bytesOf(office).buffer,
  "a view": () => bytesOf(office),
  "a view into a larger buffer": () => {
    const bytes = readFileSync(office);
    const larger = new Uint8Array(bytes.length + 100);
    larger.set(bytes, 50);
    return larger.subarray(50, 50 + bytes.length);
  },
  "a view of shared memory": () => {
    const bytes = readFileSync(office);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    return shared;
  },
  "a Buffer": () => readFileSync(office),
  "a Blob": () => openAsBlob(office),
  "a Response": () => fetch(`${server.url}/office.ifc`),
  "a stream": () => Readable.toWeb(createReadStream(office, { highWaterMark: 1000 })),
};
for (const [name, source] of Object.entries(sources)) {
  test(`a model from ${name}`, async () => {
    const phases = [];
    await checker.load(await source(), {
      onProgress: ({ phase, done, total }) => phases.push([phase, done, total]),
    });
    sameReport((await checker.validate()).bytes, expected, name);
    const size = readFileSync(office).length;
    assert.deepEqual(phases.at(-1), ["load", 0, size]);
    const readings = phases.filter(([phase]) => phase === "read").map(([, done]) => done);
    if (readings.length > 0) assert.equal(readings.at(-1), size);
    assert.deepEqual(
      readings,
      readings.toSorted((a, b) => a - b),
    );
  });
}

test("bytes are moved into the engine, unless they are to be kept", async () => {
  const [moved, kept] = [bytesOf(office), bytesOf(office)];
  await checker.load(moved);
  assert.equal(moved.byteLength, 0);
  await checker.load(kept, { keep: true });
  assert.equal(kept.byteLength, readFileSync(office).length);
  assert.equal(await codeOf(checker.load(moved)), "bad-argument", "what was moved cannot be given again");
});

test("what cannot be read is an error with a code, and leaves no model", async () => {
  const cases = [
    ["/no/such/file.ifc", "unreadable"],
    [`${server.url}/missing.ifc`, "unreadable"],
    ["http://127.0.0.1:1/office.ifc", "unreadable"],
    [await fetch(`${server.url}/missing.ifc`), "unreadable"],
    [new TextEncoder().encode("hello"), /^(step|model)\./],
    [new Uint8Array(0), /^(step|model)\./],
    [42, "bad-argument"],
    [undefined, "bad-argument"],
    [new ReadableStream({ start: (controller) => controller.error(new Error("broken")) }), "unreadable"],
    [
      new ReadableStream({ start: (controller) => (controller.enqueue("text"), controller.close()) }),
      "unreadable",
    ],
  ];
  for (const [at, [source, code]] of cases.entries()) {
    const what = `source ${at}`;
    await checker.load(office);
    const found = await within(10_000, codeOf(checker.load(source)), what);
    assert.match(found, code instanceof RegExp ? code : new RegExp(`^${code}$`), what);
    if (code !== "bad-argument") assert.equal(await codeOf(checker.validate()), "no-model", what);
  }
});

test("before a model is loaded", async () => {
  const fresh = await createChecker({ modules });
  for (const call of ["validate", "report", "elements"])
    assert.equal(await codeOf(fresh[call]()), "no-model", call);
  assert.equal(await codeOf(fresh.edit([])), "no-model");
  assert.equal(await codeOf(fresh.element("x")), "no-model");
  assert.equal(await codeOf(fresh.idsCheck([])), "no-model");
  const { readable } = await fresh.idsAudit(bytesOf(`${root}demo/office.ids`));
  assert.equal(readable, true, "auditing needs no model");
  fresh.close();
});

test("a report needs a complete check", async () => {
  await checker.load(office);
  assert.equal(await codeOf(checker.report()), "incomplete");
  await checker.validate();
  sameReport((await checker.report()).bytes, expected, "now");
});

test("calls are taken in their order, however many are made at once", async () => {
  const door = "set_attribute";
  await checker.load(office);
  const { elements } = await checker.elements();
  const { global_id: element } = elements.find((of) => of.class === "IfcDoor");
  const [, first, , second, details, , third] = await within(
    30_000,
    Promise.all([
      checker.load(office),
      checker.validate(),
      checker.edit({ op: door, element, name: "OverallWidth", value: 0.4 }),
      checker.report(),
      checker.element(element),
      checker.load(office),
      checker.validate(),
    ]),
  );
  sameReport(first.bytes, expected, "the first");
  sameReport(third.bytes, expected, "the third");
  assert.notDeepEqual(second.report.summary, first.report.summary);
  const width = details.attributes.find((attribute) => attribute.name === "OverallWidth");
  assert.deepEqual([width.number, width.from], [0.4, "declared"]);
});

test("a call that is cancelled rejects at once, with the signal's reason", async () => {
  await checker.load(office);
  const before = AbortSignal.abort();
  for (const call of [checker.load(office, { signal: before }), checker.validate({ signal: before })]) {
    assert.equal(await codeOf(call), 20, "the code of an AbortError");
  }
  sameReport(
    (await checker.validate()).bytes,
    expected,
    "what was cancelled before it began changed nothing",
  );

  const during = new AbortController();
  await checker.load(office);
  const started = [];
  const validating = checker.validate({
    signal: during.signal,
    onProgress: ({ done }) => (started.push(done), during.abort()),
  });
  await assert.rejects(validating, { name: "AbortError" });
  assert.equal(started.length, 1, "no progress is told after that");
  sameReport((await checker.validate()).bytes, expected, "the next call finishes what was begun");

  const reason = new Error("enough");
  const own = new AbortController();
  const loading = checker.load(office, { signal: own.signal });
  own.abort(reason);
  await assert.rejects(loading, reason);
  assert.equal(await codeOf(checker.validate()), "no-model", "half a model is no model");

  const queued = new AbortController();
  await checker.load(office);
  const remove = [{ op: "remove_element", element: "x" }];
  const edits = [checker.edit([]), checker.edit(remove, { signal: queued.signal })];
  queued.abort();
  const [first, second] = await Promise.allSettled(edits);
  assert.equal(first.status, "fulfilled");
  assert.equal(second.reason?.name, "AbortError", "it never began: there is no such element");
});

test("a stream that is cancelled is not read on", async () => {
  let cancelled;
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    cancel: () => (cancelled = true),
  });
  const controller = new AbortController();
  const loading = checker.load(stream, { signal: controller.signal, onProgress: () => controller.abort() });
  await assert.rejects(within(5_000, loading), { name: "AbortError" });
  await checker.load(office);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(cancelled, true);
});

test("closing ends what is under way, and everything after it", async () => {
  const closing = await createChecker({ modules });
  const calls = [closing.load(office), closing.validate(), closing.elements()].map(codeOf);
  closing.close();
  assert.deepEqual(await within(5_000, Promise.all(calls)), ["closed", "closed", "closed"]);
  assert.equal(await codeOf(closing.load(office)), "closed");
  closing.close();
});

test("events", async () => {
  const heard = [];
  const off = ["progress", "report", "delta"].map((event) =>
    checker.on(event, (detail) => heard.push([event, detail])),
  );
  await checker.load(office);
  const result = await checker.validate();
  const edited = await checker.edit([]);
  assert.equal(heard.find(([event]) => event === "report")[1], result);
  assert.equal(heard.find(([event]) => event === "delta")[1], edited);
  const judged = heard.filter(([event, detail]) => event === "progress" && detail.phase === "judge");
  const total = checker.modules().reduce((sum, module) => sum + module.rules.length, 0);
  assert.ok(judged.length > 2);
  assert.deepEqual(judged.at(-1)[1], { phase: "judge", done: total, total });
  for (const stop of off) stop();
  heard.length = 0;
  await checker.validate();
  assert.deepEqual(heard, []);
});

test("options that make no sense", async () => {
  assert.equal(await codeOf(createChecker({ modules: [] })), "no-modules");
  assert.equal(await codeOf(createChecker({})), "bad-argument");
  assert.equal(await codeOf(createChecker({ modules, jurisdiction: "us//x" })), "bad-place");
  assert.equal(await codeOf(createChecker({ modules, jurisdiction: "fr" })), "no-module-applies");
  assert.equal(await codeOf(createChecker({ modules, engine: "/no/such/engine.wasm" })), "no-engine");
  assert.equal(await codeOf(createChecker({ modules, engine: Uint8Array.of(1, 2, 3) })), "no-engine");
  assert.ok(new PlancheckError("x", "y") instanceof Error);
});
