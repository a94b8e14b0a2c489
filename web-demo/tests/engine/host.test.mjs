// A real server: its modules run here, and both say the same.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { connectHost, createChecker } from "@plancheck/engine";
import { bytesOf, hostile, office } from "../support/files.mjs";
import { startHost } from "../support/plancheck.mjs";
import { codeOf } from "../support/reports.mjs";
import { serve } from "../support/static-server.mjs";

const server = await startHost();
after(() => server.end());

/** Has the server use what the checker has. */
const these = (checker) => ({ modules: checker.modules().map(({ id }) => id) });

test("host and package agree, by the host's own modules", async () => {
  const host = await connectHost(server.url);
  assert.match(host.version, /^\d+\.\d+\.\d+/);
  assert.equal(host.account, undefined);
  const modules = await host.modules();
  assert.ok(modules.length >= 2);
  assert.ok(modules.every((module) => /^[0-9a-f]{64}$/.test(module.digest)));
  const checker = await createChecker({ modules });
  assert.ok(checker.modules().every((module) => module.status === "ready"));
  await checker.load(office);
  const local = await checker.validate();
  assert.deepEqual(host.compare(local, await host.validate(bytesOf(office), these(checker))), { same: true });

  await checker.setJurisdiction("us");
  const detailed = await checker.validate({ detail: true });
  const remote = await host.validate(bytesOf(office), { ...these(checker), detail: true });
  assert.deepEqual(host.compare(detailed, remote), { same: true });
  const { same, firstDifference } = host.compare(local, remote);
  assert.equal(same, false);
  assert.ok(firstDifference.path.startsWith("/"));
  assert.notDeepEqual(firstDifference.local, firstDifference.host);
  checker.close();
});

test("what the host cannot use is missing here too, and said", async (t) => {
  const broken = await startHost("--module", hostile("truncated"), "--module", hostile("endless-describe"));
  t.after(() => broken.end());
  const host = await connectHost(broken.url);
  const checker = await createChecker({ modules: await host.modules() });
  const states = checker.modules().map((module) => module.status);
  assert.deepEqual(states.sort(), ["ready", "ready", "unavailable", "unavailable"]);
  await checker.load(office);
  const local = await checker.validate();
  assert.equal(local.report.summary.complete, false);
  assert.deepEqual(host.compare(local, await host.validate(bytesOf(office), these(checker))), { same: true });
  checker.close();
});

test("errors keep the host's codes", async () => {
  const host = await connectHost(server.url);
  assert.equal(await codeOf(host.validate(new TextEncoder().encode("hello"))), "not-a-model");
  assert.equal(await codeOf(host.validate(bytesOf(office), { jurisdiction: "jp" })), "no-module-applies");
  const aborted = { signal: AbortSignal.abort() };
  assert.equal(await codeOf(host.validate(bytesOf(office), aborted)), 20, "the code of an AbortError");
});

test("what is no host", async (t) => {
  const other = await serve({ "/health": { text: "{}", as: "health.json" } });
  t.after(() => other.end());
  assert.equal(await codeOf(connectHost("http://127.0.0.1:1")), "unreachable");
  assert.equal(await codeOf(connectHost(other.url)), "not-a-host");
  assert.equal(await codeOf(connectHost(`${other.url}/elsewhere`)), "unreadable");
});
