// A worker that checks the model in a request's body. The engine and the modules' code are compiled when it is
// deployed; `npx plancheck-core us-ibc-2024.wasm us-ibc-2024.core.wasm` takes that code out of a module file, and the
// file itself is deployed as data, for its digest.
import { type Checker, PlancheckError, createChecker } from "@plancheck/engine";
import engine from "@plancheck/engine/engine.wasm";
import core from "./us-ibc-2024.core.wasm";
import component from "./us-ibc-2024.bin";

export default {
  async fetch(request: Request): Promise<Response> {
    let checker: Checker | undefined;
    try {
      checker = await createChecker({ engine, modules: [{ component, core }] });
      await checker.load(await request.arrayBuffer());
      const { bytes } = await checker.validate();
      return new Response(bytes as Uint8Array<ArrayBuffer>, {
        headers: { "content-type": "application/json" },
      });
    } catch (error) {
      if (!(error instanceof PlancheckError)) throw error;
      return Response.json({ code: error.code, detail: error.message }, { status: 422 });
    } finally {
      checker?.close();
    }
  },
};
