// A server that never answers costs only the call that asked it, and only until that is cancelled.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { moduleFiles, office } from "../support/files.mjs";
import { within } from "../support/reports.mjs";

const silent = createServer((request, response) => {
  if (request.url === "/stalls.ifc") response.write("ISO-10303-21;");
});
await new Promise((resolve) => silent.listen(0, "127.0.0.1", resolve));
const url = (path) => `http://127.0.0.1:${silent.address().port}/${path}`;
after(() => {
  silent.closeAllConnections();
  silent.close();
});

for (const run of ["worker", "inline"]) {
  for (const path of ["silent.ifc", "stalls.ifc"]) {
    test(`${path}, ${run}`, async () => {
      const checker = await createChecker({ modules: moduleFiles(), run });
      const cancel = new AbortController();
      const loading = checker.load(url(path), { signal: cancel.signal });
      setTimeout(() => cancel.abort(), 200);
      await assert.rejects(loading, { name: "AbortError" });
      const { elements } = await within(20_000, checker.load(office));
      assert.ok(elements > 0);
      checker.close();
    });
  }
}
