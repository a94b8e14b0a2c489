// IDS in the package: the reports of the program.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { bytesOf, moduleFiles, office, root } from "../support/files.mjs";
import { plancheck } from "../support/plancheck.mjs";
import { codeOf, read } from "../support/reports.mjs";

const document = `${root}demo/office.ids`;
const checker = await createChecker({ modules: moduleFiles() });
after(() => checker.close());

test("a check", async () => {
  const expected = read(await plancheck("ids", "check", office, "--ids", document, "--format", "json"));
  await checker.load(office, { name: "office.ifc" });
  const found = await checker.idsCheck([{ name: expected.documents[0].file, bytes: bytesOf(document) }], {
    most: 10_000,
  });
  assert.ok(found.totals.failed > 0);
  assert.deepEqual({ ...found, model: "" }, { ...expected, model: "" });
});

test("at most so many failing elements", async () => {
  const { documents } = await checker.idsCheck([{ bytes: bytesOf(document) }], { most: 0 });
  const requirements = documents.flatMap((of) => of.specifications).flatMap((of) => of.requirements);
  assert.ok(requirements.some((of) => of.failing.length === 0 && of.left_out > 0));
});

test("an audit", async () => {
  const expected = read(await plancheck("ids", "audit", document, "--format", "json"));
  const { file: _, ...audit } = Array.isArray(expected) ? expected[0] : expected;
  assert.deepEqual(await checker.idsAudit(bytesOf(document)), audit);
});

test("what is no IDS document", async () => {
  const bytes = new TextEncoder().encode("<html/>");
  assert.match(await codeOf(checker.idsCheck([{ bytes }])), /^ids\./);
  assert.equal((await checker.idsAudit(bytes)).readable, false);
});
