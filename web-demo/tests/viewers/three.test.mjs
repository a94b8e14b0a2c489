// The adapter for plain three.js with web-ifc, in a real browser: what is coloured is seen in pixels.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { palettes } from "@plancheck/viewers/core";

import { sharedModels, skippedLoudly, office } from "../support/files.mjs";
import { building, finding, idOf, zip } from "./fixture.mjs";
import { nearest, openPage, unexpected } from "./page.mjs";

const near = building();
const colours = palettes.light;
const shared = sharedModels().filter(({ name }) => /House\.ifc|Duplex|LargeBuilding/.test(name));

let opened;
let page;

before(async () => {
  opened = await openPage("three", {
    "/near.ifc": { text: near.text },
    "/site.ifc": { text: building({ site: [500_000, 4_200_000, 120] }).text },
    "/baked.ifc": { text: building({ baked: [500_000, 4_200_000, 120] }).text },
    "/stray.ifc": { text: building({ stray: true }).text },
    "/office.ifc": office,
    ...Object.fromEntries(shared.map(({ path }, i) => [`/shared-${i}.ifc`, path])),
  });
  page = opened.page;
});
after(() => opened?.end());

/** Loads a model into a fresh view, looked at from the front; `elements` as the engine would give them. */
const load = (file, elements) =>
  page.evaluate(
    async ([file, elements]) => {
      window.view?.dispose();
      const old = document.querySelector("canvas");
      old.replaceWith((window.canvas = old.cloneNode()));
      window.view = viewers.createView(window.canvas, { pixelRatio: 1, antialias: false });
      const bytes = await (await fetch(file)).blob();
      window.meshes = await viewers.loadIfcMeshes(bytes, { wasm, onMeshes: (meshes) => view.add(meshes) });
      if (elements) meshes.setElements(elements);
      await view.look("front", { duration: 0 });
      return { origin: meshes.origin.toArray(), box: [meshes.box.min.toArray(), meshes.box.max.toArray()] };
    },
    [file, elements],
  );
const highlight = (findings, options) =>
  page.evaluate(
    ([findings, options]) => void (window.marks = viewers.highlight(view, findings, options)),
    [findings, options],
  );
/** The colour in the middle of an element. */
const colourAt = (name) => page.evaluate((id) => probe(view, view.project(id)), idOf(name));
const levelAt = async (name) => nearest(await colourAt(name), colours);
const pickAt = (name) =>
  page.evaluate(async (id) => {
    const { x, y } = view.project(id);
    return marks.pick(x, y);
  }, idOf(name));
/** Calls a method of the handle. */
const call = (method, ...given) =>
  page.evaluate(([method, given]) => marks[method](...given), [method, given]);
const background = [238, 240, 242];
const isBackground = (pixel) => background.every((value, i) => Math.abs(value - pixel[i]) <= 2);

test("colours by the worst finding, picks, isolates and clears", async () => {
  await load("near.ifc", near.elements);
  const original = await colourAt("Door 1");
  await highlight([
    finding("Door 1", "undetermined"),
    finding("Door 1", "fail", "error", "other"),
    finding("Door 2", "fail", "warning"),
    finding("Window 1", "undetermined"),
  ]);
  assert.equal(await levelAt("Door 1"), "fail-error");
  assert.equal(await levelAt("Door 2"), "fail-warning");
  assert.equal(await levelAt("Window 1"), "undetermined");
  assert.deepEqual(await call("counts"), { "fail-error": 1, "fail-warning": 1, undetermined: 1, pass: 0 });

  const picked = await pickAt("Door 1");
  assert.equal(picked.globalId, idOf("Door 1"));
  assert.equal(picked.level, "fail-error");
  assert.deepEqual(
    picked.findings.map(({ rule }) => rule),
    ["other", "rule"],
  );
  assert.equal(picked.record, near.elements.elements.find(({ name }) => name === "Door 1").record);
  // The outer face of the door, in the scene: metres, Y up.
  const [x, y, z] = picked.point;
  assert.ok(Math.hypot(x - 2.5, y - 1.05, z + 0.05) < 0.05, `the point is ${picked.point}`);
  assert.equal((await pickAt("Wall above")).globalId, idOf("Wall above"));
  assert.equal(await page.evaluate(() => marks.pick(3, 3)), undefined);

  await call("isolate", [idOf("Door 1")]);
  assert.equal(await levelAt("Door 1"), "fail-error");
  assert.ok(isBackground(await colourAt("Door 2")));
  await call("isolate", null);
  assert.equal(await levelAt("Door 2"), "fail-warning");

  await call("clear");
  assert.deepEqual(await colourAt("Door 1"), original);
  assert.deepEqual((await pickAt("Door 1")).findings, []);
});

test("an edit recolours what changed, and nothing else", async () => {
  await load("near.ifc", near.elements);
  await highlight([finding("Door 1", "fail"), finding("Window 1", "undetermined")]);
  const fixed = { added: [finding("Door 2", "fail")], changed: [], resolved: [finding("Door 1", "fail").id] };
  assert.deepEqual((await call("update", fixed)).sort(), [idOf("Door 1"), idOf("Door 2")].sort());
  assert.notEqual(await levelAt("Door 1"), "fail-error");
  assert.equal(await levelAt("Door 2"), "fail-error");
  const said = { ...finding("Door 2", "fail"), message: "in other words" };
  assert.deepEqual(await call("update", { added: [], changed: [said], resolved: [] }), []);
  assert.equal((await call("findingsOf", idOf("Door 2")))[0].message, "in other words");
  const report = [finding("Window 1", "pass"), finding("Door 2", "fail")];
  assert.deepEqual(await call("replace", report), [idOf("Window 1")]);
  assert.equal(await levelAt("Window 1"), "pass");
  // Drawn before the call returns: an edit and its colours can be in the same frame.
  const inOneGo = await page.evaluate(
    ([delta, id]) => {
      void marks.update(delta);
      return probe(view, view.project(id));
    },
    [{ added: [finding("Door 1", "fail")], changed: [], resolved: [] }, idOf("Door 1")],
  );
  assert.equal(nearest(inOneGo, colours), "fail-error");
});

test("themes, levels and what becomes of other elements", async () => {
  await load("near.ifc", near.elements);
  await highlight([finding("Door 1", "fail"), finding("Door 2", "undetermined")], { theme: "dark" });
  const dark = palettes.dark;
  assert.equal(nearest(await colourAt("Door 1"), dark), "fail-error");
  const wall = await colourAt("Wall above");
  await call("setOptions", { levels: ["fail-error"] });
  assert.notEqual(nearest(await colourAt("Door 2"), dark), "undetermined");
  await call("setOptions", { others: "fade" });
  const faded = await colourAt("Wall above");
  assert.notDeepEqual(faded, wall);
  await call("setOptions", { others: "ghost" });
  assert.notDeepEqual(await colourAt("Wall above"), faded);
  assert.equal(nearest(await colourAt("Door 1"), dark), "fail-error");
  await call("clear");
  assert.deepEqual(await colourAt("Wall above"), wall);
});

test("parts show the findings of a whole without a shape, and spaces are seen when they have some", async () => {
  await load("near.ifc", near.elements);
  assert.equal(await page.evaluate((id) => meshes.has(id), idOf("Stair")), true);
  await highlight([
    finding("Stair", "fail"),
    finding("Space 1", "fail", "warning"),
    finding("Storey 1", "fail"),
  ]);
  await call("isolate", [idOf("Stair")]);
  assert.equal(await levelAt("Flight 1"), "fail-error");
  assert.equal((await pickAt("Flight 2")).globalId, idOf("Flight 2"));
  await call("isolate", [idOf("Space 1"), idOf("Slab 1")]);
  // On its floor, and translucent: something of the slab is seen too.
  await page.evaluate(() => view.look("top", { duration: 0 }));
  const [red, , blue] = await colourAt("Space 1");
  assert.ok(red > blue + 40, `red ${red}, blue ${blue}`);
  assert.equal((await pickAt("Space 1")).globalId, idOf("Space 1"));
  await page.evaluate(() => view.look("front", { duration: 0 }));
  await call("isolate", null);
  await call("replace", []);
  // What is in a storey does not show the storey's findings, but can be isolated and looked at by it.
  assert.notEqual(await levelAt("Wall above"), "fail-error");
  await call("isolate", [idOf("Storey 2")]);
  assert.ok(isBackground(await colourAt("Door 1")));
  assert.equal(await call("flyTo", idOf("Storey 2"), { duration: 0 }), true);
});

test("many places of one shape are coloured, hidden and picked one by one", async () => {
  await load("near.ifc", near.elements);
  const shapes = await page.evaluate(() => meshes.stats);
  assert.ok(shapes.vertices < 40_000, `${shapes.vertices} vertices`);
  await highlight([finding("Chair 60", "fail")]);
  await call("isolate", [idOf("Chair 59"), idOf("Chair 60")]);
  await call("flyTo", [idOf("Chair 59"), idOf("Chair 60")], { duration: 0 });
  assert.equal(await levelAt("Chair 60"), "fail-error");
  assert.notEqual(await levelAt("Chair 59"), "fail-error");
  assert.equal((await pickAt("Chair 59")).globalId, idOf("Chair 59"));
  await call("select", idOf("Chair 59"));
  assert.equal(await levelAt("Chair 59"), "selection");
  await page.evaluate((id) => meshes.setHidden([id]), idOf("Chair 59"));
  assert.ok(isBackground(await colourAt("Chair 59")));
});

test("storeys, classes, a section, and a selection behind a wall", async () => {
  await load("near.ifc", near.elements);
  await highlight([]);
  const show = (body) => page.evaluate(body, [idOf("Storey 1"), idOf("Storey 2")]);
  await show(([, second]) => meshes.setStoreys([second]));
  assert.ok(isBackground(await colourAt("Door 1")));
  await show(() => meshes.setStoreys(null));
  await show(() => meshes.setClasses(["IfcWall"], false));
  assert.ok(isBackground(await colourAt("Wall above")));
  await show(() => meshes.setClasses(["IfcWall"], true));
  await show(() => view.setSection({ axis: "y", at: 0.5 }));
  assert.ok(isBackground(await colourAt("Wall above")));
  assert.equal(await pickAt("Wall above"), undefined);
  await show(() => view.setSection({ axis: "y", at: 0.5, flip: true }));
  assert.ok(isBackground(await colourAt("Door 1")));
  await show(() => view.setSection(null));
  const hidden = await colourAt("Flight 1");
  await call("select", idOf("Flight 1"));
  assert.notDeepEqual(await colourAt("Flight 1"), hidden);
  await call("select", null);
  assert.deepEqual(await colourAt("Flight 1"), hidden);
});

test("what stands in front of what one flies to is cut away, until one goes away", async () => {
  await load("near.ifc", near.elements);
  await highlight([finding("Stair", "fail")]);
  // From outside, through the south wall.
  await call("flyTo", idOf("Flight 1"), { duration: 0, padding: 8, cutaway: false });
  assert.notEqual((await pickAt("Flight 1")).globalId, idOf("Flight 1"));
  await call("flyTo", idOf("Flight 1"), { duration: 0, padding: 8 });
  assert.equal(await levelAt("Flight 1"), "fail-error");
  assert.equal((await pickAt("Flight 1")).globalId, idOf("Flight 1"));
  await page.evaluate(() => view.look("front", { duration: 0 }));
  assert.notEqual((await pickAt("Flight 1")).globalId, idOf("Flight 1"));
});

test("the camera flies, or stands there at once where motion is unwanted", async () => {
  await load("near.ifc", near.elements);
  await highlight([]);
  const where = () => page.evaluate(() => view.camera.position.toArray());
  const start = await where();
  const begun = await page.evaluate((id) => {
    window.flight = marks.flyTo(id, { duration: 300 });
    return view.camera.position.toArray();
  }, idOf("Door 1"));
  assert.deepEqual(begun, start);
  assert.equal(await page.evaluate(() => flight), true);
  const there = await page.evaluate((id) => view.project(id), idOf("Door 1"));
  assert.ok(Math.hypot(there.x - 200, there.y - 150) < 2, JSON.stringify(there));
  assert.equal(await call("flyTo", "not in the model"), false);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.evaluate(() => void view.look("top", { duration: 5000 }));
  assert.ok((await where())[1] > 10);
  await page.emulateMedia({ reducedMotion: null });
  await page.focus("canvas");
  const before = await where();
  await page.keyboard.press("ArrowLeft");
  assert.notDeepEqual(await where(), before);
});

test("models far from the origin, and models with something far away, are as sharp", async () => {
  const plain = await load("near.ifc", near.elements);
  for (const [file, origin] of [
    ["site.ifc", [500_000, 120, -4_200_000]],
    ["baked.ifc", [500_000, 120, -4_200_000]],
    ["stray.ifc", [0, 0, 0]],
  ]) {
    const far = await load(file, near.elements);
    for (const axis of [0, 1, 2]) {
      // The same place in the file, to a tenth of a millimetre.
      for (const corner of [0, 1]) {
        const differs = far.box[corner][axis] + far.origin[axis] - origin[axis] - plain.box[corner][axis];
        assert.ok(Math.abs(differs) < 1e-4, `${file}: ${JSON.stringify(far)}`);
      }
      assert.ok(Math.abs(far.box[0][axis]) < 2000, `${file}: ${JSON.stringify(far)}`);
    }
    await highlight([finding("Door 1", "fail")]);
    assert.equal(await levelAt("Door 1"), "fail-error", file);
    assert.equal((await pickAt("Door 2")).globalId, idOf("Door 2"), file);
  }
});

test("loading ends when it is called off, and says what is wrong", async () => {
  await load("near.ifc", near.elements);
  const failed = (body) => page.evaluate(body);
  const aborted = await failed(async () => {
    const abort = new AbortController();
    const bytes = await (await fetch("office.ifc")).arrayBuffer();
    const loading = viewers.loadIfcMeshes(bytes, {
      wasm,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    return loading.catch((error) => error.name);
  });
  assert.equal(aborted, "AbortError");
  assert.equal(page.workers().length, 0);
  const broken = await failed(() =>
    viewers
      .loadIfcMeshes(new TextEncoder().encode("no model"), { wasm })
      .catch(({ name, code }) => ({ name, code })),
  );
  assert.deepEqual(broken, { name: "GeometryError", code: "model" });
  const zipped = await page.evaluate(
    async (zip) => {
      const loaded = await viewers.loadIfcMeshes(new Uint8Array(zip), { wasm });
      const { elements } = loaded.stats;
      loaded.dispose();
      return elements;
    },
    [...zip("a/near.IFC", near.text)],
  );
  assert.equal(zipped, await page.evaluate(() => meshes.stats.elements));
});

test("nothing is left on the graphics card", async () => {
  await load("near.ifc", near.elements);
  await highlight([finding("Chair 60", "fail")]);
  await call("select", idOf("Chair 60"));
  await pickAt("Door 1");
  await colourAt("Door 1");
  const left = await page.evaluate(() => {
    marks.dispose();
    view.remove(meshes);
    meshes.dispose();
    const { geometries, textures } = view.renderer.info.memory;
    return { geometries, textures };
  });
  // Two textures: the target that is picked from belongs to the view.
  assert.deepEqual(left, { geometries: 0, textures: 2 });
});

test("a scene of one's own, with a mesh for each element", async () => {
  await load("near.ifc", near.elements);
  const result = await page.evaluate(
    async ([findings, first, second]) => {
      const scene = new THREE.Scene();
      scene.add(new THREE.AmbientLight(0xffffff, 3));
      const group = new THREE.Group();
      const material = new THREE.MeshLambertMaterial({ color: 0x808080 });
      [first, second].forEach((expressID, i) => {
        const mesh = new THREE.Mesh(new THREE.BoxGeometry(1, 1, 1), material);
        mesh.position.x = i * 2 - 1;
        mesh.userData.expressID = expressID;
        group.add(mesh);
      });
      scene.add(group);
      const camera = new THREE.PerspectiveCamera(50, 400 / 300, 0.1, 100);
      camera.position.set(0, 0, 6);
      const elements = {
        elements: [
          { global_id: "a", class: "IfcDoor", record: first },
          { global_id: "b", class: "IfcDoor", record: second },
        ],
      };
      const draw = () => view.renderer.render(scene, camera);
      const own = { renderer: view.renderer, drawNow: draw };
      const at = (x) => {
        const point = new THREE.Vector3(x, 0, 0.5).project(camera);
        return { x: (point.x + 1) * 200, y: (1 - point.y) * 150 };
      };
      const marks = viewers.highlight({ object: group, camera, canvas, draw }, findings, { elements });
      const seen = {
        red: probe(own, at(-1)),
        other: probe(own, at(1)),
        picked: await marks.pick(at(-1).x, at(-1).y),
      };
      await marks.isolate(["b"]);
      seen.hidden = probe(own, at(-1));
      seen.nothing = await marks.pick(at(-1).x, at(-1).y);
      await marks.isolate(null);
      seen.flown = await marks.flyTo("b", { duration: 0 });
      seen.middle = await marks.pick(200, 150);
      marks.dispose();
      seen.restored = group.children.every((mesh) => mesh.material === material && mesh.visible);
      return seen;
    },
    [[{ ...finding("a", "fail"), element: { global_id: "a" } }], 17, 18],
  );
  assert.equal(nearest(result.red, colours), "fail-error");
  assert.notEqual(nearest(result.other, colours), "fail-error");
  assert.equal(result.picked.globalId, "a");
  assert.equal(result.picked.findings.length, 1);
  assert.notDeepEqual(result.hidden, result.red);
  assert.equal(result.nothing, undefined);
  assert.equal(result.flown, true);
  assert.equal(result.middle.globalId, "b");
  assert.equal(result.restored, true);
});

test("the demo's building and models that others made", async (t) => {
  const files = ["office.ifc", ...shared.map((_, i) => `shared-${i}.ifc`)];
  if (shared.length === 0)
    skippedLoudly(t, "viewers: models of ../shared/data/ifc are not here; only the demo's is shown");
  for (const file of files) {
    await load(file);
    const seen = await page.evaluate(
      async (finding) => {
        // The GlobalIds come from the file: nobody has told the viewer who is who.
        const door = meshes
          .globalIds()
          .find((id) => meshes.elements.classes[meshes.elements.own(id)[0]] === "IfcDoor");
        const marks = viewers.highlight(view, [{ ...finding, element: { global_id: door } }]);
        await marks.isolate([door]);
        // From a corner: a door may stand in any direction.
        await view.look("home", { duration: 0 });
        await marks.flyTo(door, { duration: 0, padding: 1 });
        const { x, y } = view.project(door);
        for (const [dx, dy] of [
          [0, 0],
          [0, 30],
          [0, -30],
          [30, 0],
          [-30, 0],
          [20, 20],
          [-20, -20],
        ]) {
          const picked = await marks.pick(x + dx, y + dy);
          if (picked) return { door, picked: picked.globalId, pixel: probe(view, { x: x + dx, y: y + dy }) };
        }
        return { door };
      },
      finding("Door", "fail"),
    );
    assert.ok(seen.door, file);
    assert.equal(seen.picked, seen.door, file);
    assert.equal(nearest(seen.pixel, colours), "fail-error", file);
  }
});

test("the page had nothing to complain about", () => {
  assert.deepEqual(unexpected(opened.complaints), []);
});

test("a web-ifc that is not there is said to be missing", async () => {
  const code = await page.evaluate(async () => {
    const bytes = await (await fetch("near.ifc")).blob();
    return viewers.loadIfcMeshes(bytes, { wasm: "nowhere.wasm" }).catch(({ code }) => code);
  });
  assert.equal(code, "wasm");
});
