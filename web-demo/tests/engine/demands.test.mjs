// Digest and signature are held against a module file before it is used.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { bytesOf, moduleFiles } from "../support/files.mjs";

const [path] = moduleFiles();
const bytes = bytesOf(path);

async function loaded(source, options = {}) {
  const checker = await createChecker({ modules: [source], ...options });
  const [module] = checker.modules();
  checker.close();
  return module;
}
const codeOf = async (...given) => {
  const module = await loaded(...given);
  return module.status === "ready" ? "ready" : module.problem.code;
};

test("a digest", async () => {
  const { digest, status } = await loaded(path);
  assert.equal(status, "ready");
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.equal(await codeOf({ url: path, digest }), "ready");
  assert.equal(await codeOf({ bytes, digest: digest.toUpperCase() }), "ready");
  assert.equal(
    await codeOf({ bytes, digest: digest.replace(/^./, (of) => (of === "0" ? "1" : "0")) }),
    "digest-mismatch",
  );
  const changed = bytes.slice();
  changed[changed.length - 1] ^= 1;
  assert.equal(await codeOf({ bytes: changed, digest }), "digest-mismatch");
});

test("a signature, where keys are trusted", async () => {
  // The keys of another file: what a good signature is, the engine's own tests hold.
  const key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
  const signature =
    "untrusted comment: signature from minisign secret key\n" +
    "RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n" +
    "trusted comment: timestamp:1633700835\tfile:test\tprehashed\n" +
    "wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
  const trustedKeys = [key];
  assert.equal(await codeOf(path, { trustedKeys }), "signature-missing");
  assert.equal(await codeOf({ bytes, signature }, { trustedKeys }), "signature-wrong");
  assert.equal(await codeOf({ bytes, signature }), "key-unknown", "a signature is never taken on trust");
  assert.equal(await codeOf({ bytes, signature: "hello" }, { trustedKeys }), "signature-malformed");
  assert.equal(await codeOf(path, { trustedKeys: [] }), "signature-missing", "nobody is trusted");
});

/** Signs as minisign does: the BLAKE2b-512 of the file, then signature and trusted comment together. */
function minisign(file) {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const id = Buffer.from("plancheck".slice(0, 8));
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const own = sign(null, createHash("blake2b512").update(file).digest(), privateKey);
  const comment = "timestamp:1764100000";
  const all = sign(null, Buffer.concat([own, Buffer.from(comment)]), privateKey);
  const text = (...parts) => Buffer.concat(parts).toString("base64");
  return {
    key: text(Buffer.from("Ed"), id, raw),
    signature:
      `untrusted comment: a test\n${text(Buffer.from("ED"), id, own)}\n` +
      `trusted comment: ${comment}\n${text(all)}\n`,
  };
}

test("a good signature is taken, of this file only", async () => {
  const { key, signature } = minisign(bytes);
  const module = await loaded({ bytes, signature }, { trustedKeys: [key] });
  assert.deepEqual([module.status, module.problem], ["ready", undefined]);
  assert.match(module.signedBy, /^[0-9A-Fa-f]{16}$/);
  const other = minisign(bytes);
  assert.equal(await codeOf({ bytes, signature }, { trustedKeys: [other.key, key] }), "ready");
  assert.equal(await codeOf({ bytes, signature }, { trustedKeys: [other.key] }), "signature-wrong");
  const changed = bytes.slice();
  changed[changed.length - 1] ^= 1;
  assert.equal(await codeOf({ bytes: changed, signature }, { trustedKeys: [key] }), "signature-wrong");
});

test("demands that are none are refused, not left out", async () => {
  for (const source of [null, { bytes, digest: null }, { bytes, signature: null }, { bytes, name: 7 }]) {
    await assert.rejects(createChecker({ modules: [source] }), { code: "bad-argument" });
  }
});

test("a module that is known to be missing keeps its place", async () => {
  const unavailable = { code: "truncated", message: "ends early" };
  const module = await loaded({ name: "us-nowhere", unavailable });
  assert.deepEqual([module.id, module.status, module.problem], ["us-nowhere", "unavailable", unavailable]);
});

test("files that cannot be read", async () => {
  assert.equal(await codeOf("/no/such/module.wasm"), "unreadable");
  assert.equal(await codeOf({ bytes: new Uint8Array(5 << 20) }), "too-large");
  assert.equal(await codeOf({ bytes: new Uint8Array(0) }), "not-a-component");
});

test("a later module replaces an earlier one of the same id", async () => {
  const checker = await createChecker({ modules: [path, ...moduleFiles()] });
  assert.deepEqual(
    checker.modules().map((module) => module.status),
    ["ready", "ready"],
  );
  checker.close();
});

test("a module that cannot be used is called by its name", async () => {
  assert.equal((await loaded("/no/such/us-nowhere.wasm")).id, "us-nowhere");
  assert.equal((await loaded({ bytes: new Uint8Array(8), name: "mine" })).id, "mine");
});
