// An engine's thread that breaks down or says nonsense: every call ends with a typed error.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { createCheckerOn } from "../../packages/engine/dist/checker.js";
import { packageFolder } from "../support/files.mjs";
import { codeOf, within } from "../support/reports.mjs";

const code = await WebAssembly.compile(readFileSync(`${packageFolder}wasm/engine_bg.wasm`));

/** A checker whose engine is played: `act` is given each request and what sends an answer. */
async function played(act) {
  const state = { ended: false, held: [] };
  const platform = {
    open: () => Promise.reject(new Error("nothing is read here")),
    resolve: String,
    engine: async () => code,
    startEngine(events) {
      state.events = events;
      return {
        post: (message) => {
          if (message.op === "open") {
            const value = { engine: { version: "1", digest: "" }, modules: [] };
            queueMicrotask(() => events.message({ id: message.id, value }));
          } else if (!("engine" in message)) {
            act(message, (answer) => queueMicrotask(() => events.message(answer)), events);
          }
        },
        end: () => (state.ended = true),
        hold: (held) => state.held.push(held),
      };
    },
  };
  const checker = await createCheckerOn(platform, { modules: ["x"] });
  return { checker, state };
}

test("a thread that breaks down ends every call, and all that come after", async () => {
  const { checker, state } = await played(() => {});
  const calls = [checker.load(new Uint8Array(1)), checker.validate(), checker.elements()].map(codeOf);
  state.events.broken("gone");
  assert.deepEqual(await within(1_000, Promise.all(calls)), Array(3).fill("session-over"));
  assert.equal(await codeOf(checker.validate()), "session-over");
  assert.ok(state.ended);
  state.events.broken("gone again");
  state.events.message({ id: 2, value: "too late" });
});

test("answers that nobody waits for, and nonsense, change nothing", async () => {
  const nonsense = [null, undefined, 7, "hello", {}, { id: 99, value: 1 }, { id: "x" }, { progress: 1 }];
  const { checker, state } = await played((message, answer) => {
    for (const said of nonsense) state.events.message(said);
    answer({ id: message.id, value: '{"elements": [], "storeys": []}' });
  });
  assert.deepEqual(await within(1_000, checker.elements()), { elements: [], storeys: [] });
  checker.close();
});

test("what is thrown by a listener stops nobody else", async (t) => {
  const { checker, state } = await played((message, answer) => {
    if (message.op === "validate") answer({ id: message.id, value: new Uint8Array(2) });
  });
  // It is thrown again where nobody catches it, so that it is reported as any error is.
  const { queueMicrotask } = globalThis;
  const thrown = [];
  t.after(() => (globalThis.queueMicrotask = queueMicrotask));
  globalThis.queueMicrotask = (act) =>
    queueMicrotask(() => {
      try {
        act();
      } catch (error) {
        thrown.push(error.message);
      }
    });
  const heard = [];
  checker.on("module-failed", () => {
    throw new Error("mine");
  });
  checker.on("module-failed", (failure) => heard.push(failure));
  state.events.message({ moduleFailed: { module: "m", code: "trap", message: "…" } });
  await checker.validate();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(heard, [{ module: "m", code: "trap", message: "…" }]);
  assert.deepEqual(thrown, ["mine"]);
  checker.close();
});

test("a program is held up only while a call is open", async () => {
  const { checker, state } = await played((message, answer) => answer({ id: message.id, value: "{}" }));
  await Promise.all([checker.elements(), checker.element("x")]);
  assert.equal(state.held.at(-1), false);
  assert.ok(state.held.includes(true));
  checker.close();
});

test("what cannot be sent is an error of that call alone", async () => {
  const { checker } = await played((message, answer) => {
    if (message.op === "idsAudit") throw new DOMException("could not be cloned", "DataCloneError");
    answer({ id: message.id, value: "{}" });
  });
  assert.equal(await codeOf(checker.idsAudit(new Uint8Array(1))), "bad-argument");
  assert.deepEqual(await checker.elements(), {});
  checker.close();
});
