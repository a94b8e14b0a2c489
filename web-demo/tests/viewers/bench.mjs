// How long geometry takes to load and frames take to draw; WebGL is in software here, so frames of a computer with
// a graphics card are far shorter. `node tests/viewers/bench.mjs [model.ifc…]`

import { office, sharedModels } from "../support/files.mjs";
import { openPage } from "./page.mjs";

const shared = sharedModels().filter(({ name }) => /Duplex|janesville/.test(name));
const models = process.argv.length > 2 ? process.argv.slice(2) : [office, ...shared.map(({ path }) => path)];
const files = Object.fromEntries(models.map((path, i) => [`/model-${i}.ifc`, path]));
const opened = await openPage("three", files);
try {
  for (const [i, path] of models.entries()) {
    const measured = await opened.page.evaluate(async (file) => {
      const round = (value) => Math.round(value * 10) / 10;
      const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
      const view = viewers.createView(canvas, { pixelRatio: 1, antialias: false });
      const bytes = await (await fetch(file)).blob();
      const begin = performance.now();
      let first;
      let meshes;
      const blocked = await longestBlock(async () => {
        meshes = await viewers.loadIfcMeshes(bytes, {
          wasm,
          onMeshes: () => (first = performance.now() - begin),
        });
      });
      const loaded = performance.now() - begin;
      view.add(meshes);
      await view.look("home", { duration: 0 });
      const gl = view.renderer.getContext();
      const pixel = new Uint8Array(4);
      const frames = [];
      const submitted = [];
      for (let frame = 0; frame < 9; frame++) {
        const start = performance.now();
        view.camera.position.applyAxisAngle(new THREE.Vector3(0, 1, 0), 0.01);
        view.drawNow();
        submitted.push(performance.now() - start);
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        frames.push(performance.now() - start);
      }
      const { calls, triangles } = view.renderer.info.render;
      const findings = meshes.globalIds().map((id) => ({
        id,
        verdict: "fail",
        severity: "error",
        element: { global_id: id },
      }));
      let start = performance.now();
      const marks = viewers.highlight(view, findings);
      const colourAll = performance.now() - start;
      start = performance.now();
      void marks.update({ added: [], changed: [], resolved: [findings[0].id] });
      const update = performance.now() - start;
      start = performance.now();
      await marks.pick(200, 150);
      const pick = performance.now() - start;
      const { elements, bytes: memory } = meshes.stats;
      view.dispose();
      document.querySelector("canvas").replaceWith((window.canvas = document.createElement("canvas")));
      return {
        elements,
        "triangles in full": meshes.stats.triangles,
        "triangles drawn": triangles,
        "draw calls": calls,
        "graphics MB": round(memory / 1e6),
        "first part ms": round(first),
        "loaded ms": round(loaded),
        "page blocked at most ms": round(blocked),
        "frame ms": round(median(frames)),
        "of it in the page ms": round(median(submitted)),
        "colour all ms": round(colourAll),
        "recolour one ms": round(update),
        "pick ms": round(pick),
      };
    }, `model-${i}.ifc`);
    console.log(path.split("/").pop(), measured);
  }
} finally {
  await opened.end();
}
