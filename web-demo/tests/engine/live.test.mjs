// Live sync with a real server: everybody sees the same edits, each is made once, whatever becomes of the line.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { connectHost } from "@plancheck/engine";
import { admin, startHost } from "../support/plancheck.mjs";
import { codeOf } from "../support/reports.mjs";
import { account, door, house, listen, member, width } from "../support/team.mjs";

const { server, host, Line } = await house();
after(() => server.end());
const other = await member(server.url);

/** Both at a building of their own, so that tests do not see each other. */
async function both(t, id) {
  await host.buildings.upload(door(0.9), { id, jurisdiction: "us" });
  const one = host.live(id);
  const two = other.host.live(id);
  const [first, second] = [listen(one), listen(two)];
  t.after(() => (one.close(), two.close()));
  await Promise.all([first.next("full"), second.next("full")]);
  return { one, two, first, second };
}

const failures = ({ summary }) => summary.fail;
const deltas = ({ heard }) => heard.filter(([event]) => event === "delta").map(([, delta]) => delta);

test("an edit is answered by its delta, and others see it, and who is there, and what is shown", async (t) => {
  const { one, two, first, second } = await both(t, "seen");
  const { delta, seq } = await one.edit(width(0.7));
  assert.equal(seq, 1);
  assert.equal(delta.mine, true);
  assert.ok(delta.delta.added.length + delta.delta.changed.length > 0);
  const theirs = await second.next("delta");
  assert.deepEqual({ ...theirs, mine: true }, delta);
  assert.equal(theirs.mine, false);
  assert.equal(theirs.by, "admin");
  const score = await second.next("score");
  assert.deepEqual(score.summary, delta.delta.summary);
  assert.deepEqual(one.position, { epoch: delta.epoch, seq: 1 });

  two.highlight({ elements: ["d1"], finding: "f" });
  assert.deepEqual(await first.next("highlight"), { by: "admin", elements: ["d1"], finding: "f" });
  // What one shows oneself does not come back: the next thing that comes is from somebody else.
  one.highlight({ elements: ["mine"] });
  await second.next("highlight", ({ elements }) => elements[0] === "mine");
  two.highlight({ elements: ["theirs"] });
  assert.deepEqual((await first.next("highlight")).elements, ["theirs"]);
});

test("people are named", async (t) => {
  const vera = await member(server.url, await account(server.url, "vera", "viewer"));
  const live = host.live("house");
  const hers = vera.host.live("house");
  t.after(() => (live.close(), hers.close()));
  const { people } = await listen(live).next("presence", ({ clients }) => clients === 2);
  assert.deepEqual(people, ["admin", "vera"]);
  assert.equal(vera.host.account.role, "viewer");
  assert.equal(await codeOf(hers.edit(width(0.7))), "forbidden");
});

test("what the engine refuses rejects with its code, and the next edit is made", async (t) => {
  const { one } = await both(t, "refused");
  const wrong = { ...width(0.7), element: "nothing" };
  await assert.rejects(one.edit(wrong), ({ code, cause }) => code === "bad-edit" && cause.seq === 1);
  assert.equal(await codeOf(one.edit({ ...width(1), value: "x".repeat(300_000) })), "too-large");
  assert.equal((await one.edit(width(0.6))).seq, 2);
});

test("who was away gets exactly what was missed, and what was edited meanwhile is made then", async (t) => {
  const { one, two, first, second } = await both(t, "away");
  await one.edit(width(0.7));
  await second.next("delta");
  Line.off = true;
  Line.cut();
  t.after(() => (Line.off = false));
  await first.next("status", ({ state }) => state === "reconnecting");
  for (const value of [0.8, 0.9]) await two.edit(width(value));
  const mine = one.edit(width(0.5));
  assert.equal(one.waiting, 1);
  Line.off = false;
  assert.equal((await first.next("status", ({ state }) => state === "live")).recovered, true);
  assert.equal((await mine).seq, 4);
  assert.deepEqual(
    deltas(first).map(({ seq, mine }) => [seq, mine]),
    [
      [2, false],
      [3, false],
      [4, true],
    ],
  );
  assert.ok(!first.heard.some(([event]) => event === "full"));
});

test("an edit whose answer was lost is sent again and made once", async (t) => {
  const { one, second } = await both(t, "once");
  Line.cutAfter = ({ type }) => type === "edit";
  const before = Line.said.filter(({ type }) => type === "edit").length;
  const lost = one.edit(width(0.7));
  assert.equal((await lost).seq, 1);
  assert.equal(Line.said.filter(({ type }) => type === "edit").length - before, 2);
  assert.equal((await one.edit(width(0.8))).seq, 2);
  await second.next("delta", ({ seq }) => seq === 2);
});

test("an edit that is in the full state, which came in place of too much that was missed, is answered", async (t) => {
  const { one, two, first, second } = await both(t, "much");
  Line.cutAfter = ({ type }) => {
    if (type !== "edit") return false;
    Line.off = true;
    return true;
  };
  t.after(() => (Line.off = false));
  const lost = one.edit(width(0.7));
  const { request } = await second.next("delta");
  await Promise.all(Array.from({ length: 60 }, (_, i) => two.edit(width(0.8 + i / 1000))));
  Line.off = false;
  assert.equal((await first.next("status", ({ state }) => state === "live")).recovered, false);
  const full = await first.next("full");
  assert.equal(full.seq, 61);
  const answer = await lost;
  assert.deepEqual(answer, { epoch: full.epoch, seq: 1 });
  assert.equal(deltas(second).filter((delta) => delta.request === request).length, 0, "it was made again");
  assert.equal((await one.edit(width(0.6))).seq, 62);
  const { edits, epoch } = await host.buildings.edits("much");
  assert.ok(full.epoch.startsWith(`${epoch}.`));
  assert.deepEqual(
    edits.map(({ seq }) => seq),
    Array.from({ length: 62 }, (_, i) => i + 1),
  );
  assert.deepEqual(edits[0], { seq: 1, by: "admin", request, edits: [width(0.7)], skipped: false });
  assert.equal((await host.buildings.edits("much", { after: 60 })).edits.length, 2);
});

test("a server that is killed and comes back at the same place goes on where it was", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "plancheck-live-"));
  let machine = await startHost("--data-dir", folder);
  t.after(async () => {
    await machine.end();
    rmSync(folder, { recursive: true });
  });
  const [one, two] = await Promise.all([member(machine.url), member(machine.url)]);
  await one.host.buildings.upload(door(0.9), { id: "house", jurisdiction: "us" });
  const [mine, theirs] = [one.host.live("house"), two.host.live("house")];
  t.after(() => (mine.close(), theirs.close()));
  const [first, second] = [listen(mine), listen(theirs)];
  await Promise.all([first.next("full"), second.next("full")]);
  await mine.edit(width(0.7));
  await second.next("delta");

  for (const signal of ["SIGKILL", "SIGTERM"]) {
    await machine.end(signal);
    await second.next("status", ({ state }) => state === "reconnecting");
    const before = mine.position.seq;
    const edits = [0.8, 0.9, 0.6].map((value) => mine.edit(width(value)));
    machine = await startHost("--data-dir", folder, "--listen", machine.url.replace("http://", ""));
    const made = await Promise.all(edits);
    assert.deepEqual(
      made.map(({ seq }) => seq),
      [before + 1, before + 2, before + 3],
      signal,
    );
    for (const { seq, delta } of made)
      assert.deepEqual(await second.next("delta", (one) => one.seq === seq), { ...delta, mine: false });
    assert.ok(!second.heard.some(([event]) => event === "full"), "it was recovered");
  }
});

test("another model is a new state, and edits of the one before are not made in it", async (t) => {
  const { one, two, first, second } = await both(t, "replaced");
  Line.off = true;
  Line.cut();
  t.after(() => (Line.off = false));
  await first.next("status", ({ state }) => state === "reconnecting");
  const mine = codeOf(one.edit(width(0.5)));
  await host.buildings.upload(door(0.6), { id: "replaced" });
  const full = await second.next("full");
  assert.equal(full.seq, 0);
  assert.ok(failures(full.report) > 0);
  Line.off = false;
  assert.equal(await mine, "model-replaced");
  assert.deepEqual((await first.next("full")).report, full.report);
  assert.equal((await two.edit(width(0.9))).seq, 1);
});

test("tokens are renewed in time: connections last, and requests at once need one refresh", async (t) => {
  const brief = await startHost("--access-lifetime", "2s");
  t.after(() => brief.end());
  const kept = [];
  const { host, Line } = await member(brief.url, admin, { onTokens: (tokens) => kept.push(tokens) });
  await host.buildings.upload(door(0.9), { id: "house", jurisdiction: "us" });
  const live = host.live("house");
  const heard = listen(live);
  await heard.next("full");
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  assert.equal(Line.made, 1, "it was never connected again");
  assert.ok(Line.said.filter(({ type }) => type === "renew").length >= 2);
  assert.equal((await live.edit(width(0.7))).seq, 1);
  live.close();

  const fetched = globalThis.fetch;
  t.after(() => (globalThis.fetch = fetched));
  let refreshes = 0;
  globalThis.fetch = (url, request) => {
    if (String(url).endsWith("/auth/refresh")) refreshes += 1;
    return fetched(url, request);
  };
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  const lists = await Promise.all(Array.from({ length: 8 }, () => host.buildings.list()));
  assert.ok(lists.every(([building]) => building.id === "house"));
  assert.equal(refreshes, 1);

  // An app that kept the tokens goes on with them, though the access token has expired.
  const again = await connectHost(brief.url, { tokens: { ...kept.at(-1), expires: 0 }, WebSocket: Line });
  assert.equal(again.account.name, "admin");
  assert.equal((await again.buildings.list()).length, 1);
  // A token that the server has forgotten, though this machine's clock says otherwise, is renewed, too.
  const late = kept.at(-1);
  const slow = await connectHost(brief.url, { tokens: { ...late, expires: Date.now() + 1e6 } });
  assert.equal((await slow.buildings.list()).length, 1);
});

test("a session goes on by its refresh token alone, and who shares it refreshes in turn", async (t) => {
  const brief = await startHost("--refresh-grace", "1s");
  t.after(() => brief.end());
  let newest;
  const options = {
    onTokens: (tokens) => (newest = tokens?.refreshToken),
    inTurn: (own, refresh) => refresh(newest ?? own),
  };
  const { host } = await member(brief.url, admin, options);
  const first = newest;
  const other = await connectHost(brief.url, options);
  assert.equal(other.account, undefined);
  assert.equal((await other.resume(first)).name, "admin");
  assert.notEqual(newest, first);
  assert.deepEqual(await other.buildings.list(), []);
  // What this one has itself is old by now, and would end the session.
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  assert.equal((await host.resume(first)).name, "admin");
  assert.deepEqual(await other.buildings.list(), []);
  const alone = await connectHost(brief.url);
  assert.equal(await codeOf(alone.resume(first)), "unauthorized");
  assert.equal(await codeOf(other.buildings.list()), "unauthorized", "it was used twice");
});

test("whoever logs out, and whose building is removed, is told why it is over", async () => {
  const { host } = await member(server.url);
  const live = host.live("house");
  const heard = listen(live);
  await heard.next("full");
  const waiting = codeOf(host.live("castle").edit(width(0.7)));
  assert.equal(await waiting, "closed");
  await host.logout();
  assert.equal((await heard.next("closed")).code, "unauthorized");
  assert.equal(host.account, undefined);
  assert.equal(await codeOf(host.buildings.list()), "unauthorized");
  assert.equal(await codeOf(live.edit(width(0.7))), "closed");
  // A session that ends elsewhere, by its own token.
  const { host: here } = await member(server.url);
  await here.buildings.upload(door(0.9), { id: "gone" });
  const [one, two] = [here.live("gone"), here.live("nowhere")];
  const [first, second] = [listen(one), listen(two)];
  assert.equal((await second.next("closed")).code, "no-such-building");
  await first.next("full");
  await here.buildings.remove("gone");
  assert.equal((await first.next("closed")).code, "no-such-building");
});

test("buildings, reports and accounts, as they are kept", async () => {
  assert.equal(await codeOf(host.login({ name: "admin", password: "guessed" })), "unauthorized");
  assert.equal(host.account.name, "admin", "a login that fails ends no session");
  const before = new Date();
  const made = await host.buildings.upload(door(0.7), { name: "A house", jurisdiction: "us" });
  assert.equal(made.name, "A house");
  assert.ok((await host.buildings.list()).some(({ id }) => id === made.id));
  assert.deepEqual(await host.buildings.get(made.id), made);
  assert.deepEqual(new Uint8Array(await (await host.buildings.model(made.id)).arrayBuffer()), door(0.7));
  const checked = await host.validate(door(0.7), { jurisdiction: "us" });
  assert.deepEqual(host.compare(checked, await host.report(made.id)), { same: true });
  assert.equal(await codeOf(host.report(made.id, { at: before })), "no-such-report");
  await host.buildings.remove(made.id);
  assert.equal(await codeOf(host.report(made.id)), "no-such-building");
});

test("where there is no WebSocket, that is said", async (t) => {
  const own = globalThis.WebSocket;
  delete globalThis.WebSocket;
  t.after(() => (globalThis.WebSocket = own));
  const host = await connectHost(server.url);
  await host.login(admin);
  assert.throws(() => host.live("house"), { code: "no-websocket" });
});
