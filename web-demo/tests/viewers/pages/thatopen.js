// A small ThatOpen viewer, as its tutorials build it, and what the tests do with it.
import * as OBC from "@thatopen/components";
import fragmentsWorker from "@thatopen/fragments/worker?url";
import * as THREE from "three";
import * as viewers from "@plancheck/viewers/thatopen";

async function start(file) {
  const components = new OBC.Components();
  const world = components.get(OBC.Worlds).create();
  world.scene = new OBC.SimpleScene(components);
  world.scene.setup();
  world.scene.three.background = new THREE.Color("#eef0f2");
  world.renderer = new OBC.SimpleRenderer(components, document.querySelector("#view"), { antialias: false });
  world.camera = new OBC.SimpleCamera(components);
  components.init();
  const fragments = components.get(OBC.FragmentsManager);
  fragments.init(fragmentsWorker);
  world.camera.controls.addEventListener("update", () => fragments.core.update());
  fragments.list.onItemSet.add(({ value: model }) => {
    model.useCamera(world.camera.three);
    world.scene.three.add(model.object);
    fragments.core.update(true);
  });
  const loader = components.get(OBC.IfcLoader);
  await loader.setup({ autoSetWasm: false, wasm: { path: `${location.origin}/web-ifc/`, absolute: true } });
  const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
  const model = await loader.load(bytes, false, file);
  return { components, world, fragments, model };
}

/** Client coordinates of the middle of an element. */
async function place({ world, model }, globalId) {
  const [localId] = await model.getLocalIdsByGuids([globalId]);
  const box = await model.getMergedBox([localId]);
  world.camera.three.updateMatrixWorld();
  const point = box.getCenter(new THREE.Vector3()).project(world.camera.three);
  const area = world.renderer.three.domElement.getBoundingClientRect();
  return { x: area.left + ((point.x + 1) / 2) * area.width, y: area.top + ((1 - point.y) / 2) * area.height };
}

function probe({ world }, { x, y }) {
  const renderer = world.renderer.three;
  renderer.render(world.scene.three, world.camera.three);
  const gl = renderer.getContext();
  const ratio = renderer.getPixelRatio();
  const pixel = new Uint8Array(4);
  const height = renderer.domElement.clientHeight;
  gl.readPixels(
    Math.floor(x * ratio),
    Math.floor((height - y) * ratio),
    1,
    1,
    gl.RGBA,
    gl.UNSIGNED_BYTE,
    pixel,
  );
  return [...pixel];
}

Object.assign(window, { THREE, OBC, viewers, start, place, probe });
