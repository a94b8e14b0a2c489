// A module's thread that breaks down, says nonsense or nothing: an answer comes all the same, and the next
// question is asked of a new thread.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startThread } from "../../packages/engine/dist/module/runner.js";
import { within } from "../support/reports.mjs";

// The smallest module that there is: it is never run here.
const module = await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
const limits = { moduleMemory: 1 << 20, moduleDeadline: 200 };
const question = {
  kind: "evaluate",
  asked: new Uint32Array(1),
  view: 0,
  rows: 1,
  layout: new Uint8Array(0),
  numbers: new Float64Array(0),
  symbols: new Uint32Array(0),
  text: new Uint8Array(0),
  textEnds: new Uint32Array(0),
  parameters: new Float64Array(0),
  detail: false,
};
const empty = () => ({ verdicts: { buffer: new ArrayBuffer(0), lengths: Array(12).fill(0) } });

/** Threads that are played: each answers as `acts` says, the first one, the second one, … */
function played(...acts) {
  const threads = [];
  const start = (events) => {
    const act = acts[Math.min(threads.length, acts.length - 1)];
    const thread = { ended: false, asked: 0 };
    threads.push(thread);
    const say = (message) => queueMicrotask(() => thread.ended || events.message(message));
    return {
      post(message) {
        if (!("question" in message)) {
          if (act.start) return act.start(say, events);
          say({ compiled: module });
          say({ ready: true, manifest: "{}" });
          return;
        }
        thread.asked += 1;
        act.ask(say, message, events);
      },
      end() {
        thread.ended = true;
      },
    };
  };
  return { start, threads };
}

const good = { ask: (say, { id }) => say({ id, answer: empty() }) };
const ask = (runner) => within(2_000, Promise.resolve(runner.ask(question)));
const code = (answer) => answer.failure?.code ?? "answered";

test("an honest thread answers, and goes on", async () => {
  const { start, threads } = played(good);
  const { runner, manifest } = await startThread(start, Promise.resolve(module), limits);
  assert.equal(manifest, "{}");
  for (let round = 0; round < 3; round += 1) assert.equal(code(await ask(runner)), "answered");
  assert.equal(threads.length, 1);
  runner.end();
  assert.ok(threads[0].ended);
});

const nonsense = {
  "a text": () => "hello",
  nothing: () => null,
  "an answer without lists": (id) => ({ id, answer: { verdicts: [] } }),
  "one list too few": (id) => ({
    id,
    answer: { verdicts: { buffer: new ArrayBuffer(0), lengths: Array(11).fill(0) } },
  }),
  "lists that are longer than their buffer": (id) => ({
    id,
    answer: { verdicts: { buffer: new ArrayBuffer(8), lengths: Array(12).fill(1) } },
  }),
  "lists of less than no entries": (id) => ({
    id,
    answer: { verdicts: { buffer: new ArrayBuffer(0), lengths: Array(12).fill(-1) } },
  }),
  "a failure without a code": (id) => ({ id, answer: { failure: {} } }),
  "an answer to another question": (id) => ({ id: id + 7, answer: empty() }),
  "that it is ready, once more": () => ({ ready: true, manifest: "{}" }),
};
for (const [name, message] of Object.entries(nonsense)) {
  test(`a thread that says ${name} is given up`, async () => {
    const { start, threads } = played({ ask: (say, { id }) => say(message(id)) }, good);
    const { runner } = await startThread(start, Promise.resolve(module), limits);
    assert.equal(code(await ask(runner)), "host");
    assert.ok(threads[0].ended);
    assert.equal(code(await ask(runner)), "answered");
    assert.equal(threads.length, 2);
  });
}

test("a thread that breaks down is replaced", async () => {
  const { start, threads } = played(
    { ask: (say, message, events) => events.broken("out of everything") },
    good,
  );
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  const { failure } = await ask(runner);
  assert.deepEqual(failure, { code: "host", message: "the host could not run it: out of everything" });
  assert.equal(code(await ask(runner)), "answered");
  assert.equal(threads.length, 2);
});

test("a thread that says nothing is ended at the deadline; its successor was started before that", async () => {
  const { start, threads } = played({ ask() {} }, good);
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  const asked = ask(runner);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(threads.length, 2, "the successor starts while the question is still open");
  assert.deepEqual((await asked).failure, { code: "deadline", message: "gave no answer within 200 ms" });
  assert.ok(threads[0].ended);
  assert.equal(code(await ask(runner)), "answered");
  assert.equal(threads.length, 2);
});

test("a late answer is an answer, and the successor waits for its turn", async () => {
  const late = { ask: (say, { id }) => setTimeout(() => say({ id, answer: empty() }), 150) };
  const { start, threads } = played(late, good);
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  assert.equal(code(await ask(runner)), "answered");
  assert.equal(threads[0].ended, false);
  runner.end();
  assert.ok(threads.every((thread) => thread.ended));
});

const refusals = {
  refuses: [{ start: (say) => say({ refused: { code: "malformed", message: "no" } }) }, "malformed"],
  breaks: [{ start: (say, events) => events.broken("no") }, "host"],
  babbles: [{ start: (say) => say({ hello: 1 }) }, "host"],
  "gives no manifest": [{ start: (say) => (say({ compiled: module }), say({ ready: true })) }, "host"],
  "never describes itself": [{ start: (say) => say({ compiled: module }) }, "deadline"],
};
for (const [name, [act, expected]] of Object.entries(refusals)) {
  test(`a module that ${name} when it is started is unavailable`, async () => {
    const { start, threads } = played(act);
    const refused = await within(
      3_000,
      startThread(start, Promise.resolve(module), limits).then(
        () => {},
        (error) => error,
      ),
    );
    assert.equal(refused.problem?.code, expected);
    assert.ok(threads[0].ended);
  });
}

test("questions that wait for others have their own time", async () => {
  let at = 0;
  const slow = {
    ask: (say, { id }) => {
      at = Math.max(at, performance.now()) + 120;
      setTimeout(() => say({ id, answer: empty() }), at - performance.now());
    },
  };
  const { start, threads } = played(slow, good);
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  const answers = await Promise.all([ask(runner), ask(runner), ask(runner)]);
  assert.deepEqual(answers.map(code), ["answered", "answered", "answered"], "360 ms in all, 200 for each");
  assert.equal(threads[0].ended, false);
  runner.end();
});

test("a question that ends its thread ends those that wait behind it", async () => {
  const { start, threads } = played({ ask() {} }, good);
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  const answers = await Promise.all([ask(runner), ask(runner)]);
  assert.deepEqual(answers.map(code), ["deadline", "host"]);
  assert.equal(code(await ask(runner)), "answered");
  assert.equal(threads.length, 2);
});

test("ending a runner answers what is open", async () => {
  const { start } = played({ ask() {} });
  const { runner } = await startThread(start, Promise.resolve(module), limits);
  const asked = ask(runner);
  await new Promise((resolve) => setTimeout(resolve, 10));
  runner.end();
  assert.equal(code(await asked), "host");
  assert.equal(code(await ask(runner)), "host", "and what comes after");
});
