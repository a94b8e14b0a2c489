/** Finds what is under one pixel: numbers of elements are drawn as colours, that pixel only. */
import {
  Color,
  NearestFilter,
  Vector3,
  WebGLRenderTarget,
  type OrthographicCamera,
  type PerspectiveCamera,
  type WebGLRenderer,
} from "three";
import type { MeshSet } from "./meshes.js";

/** What one stands on and under: a click on it through a space's coloured volume means the space. */
const ENCLOSING = new Set([
  "IfcSlab",
  "IfcRoof",
  "IfcCovering",
  "IfcSite",
  "IfcCurtainWall",
  "IfcWall",
  "IfcWallStandardCase",
]);

/** A room's floor lies in the floor. */
const SAME_DEPTH = 1e-6;

interface Found {
  meshes: MeshSet;
  number: number;
  depth: number;
  point: Vector3;
}

export interface MeshHit {
  globalId?: string;
  record: number;
  class: string;
  point: [number, number, number];
}

export class Picker {
  private readonly target = new WebGLRenderTarget(1, 1, {
    count: 2,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
  });

  constructor(private readonly renderer: WebGLRenderer) {}

  /** `x`, `y`: pixels of a canvas of that size, from its upper left corner. */
  async pick(
    sets: readonly MeshSet[],
    camera: PerspectiveCamera | OrthographicCamera,
    canvas: { width: number; height: number },
    x: number,
    y: number,
  ): Promise<MeshHit | undefined> {
    const one = camera.clone();
    one.setViewOffset(canvas.width, canvas.height, Math.floor(x), Math.floor(y), 1, 1);
    const solid = await this.nearest(sets, one, "solids");
    const space = await this.nearest(sets, one, "spaces");
    const solidClass = solid?.meshes.describe(solid.number).class ?? "";
    const inFront =
      space && (!solid || (space.depth <= solid.depth + SAME_DEPTH && ENCLOSING.has(solidClass)));
    const found = inFront ? space : solid;
    if (!found) return undefined;
    return { ...found.meshes.describe(found.number), point: found.point.toArray() };
  }

  dispose(): void {
    this.target.dispose();
  }

  private async nearest(
    sets: readonly MeshSet[],
    camera: PerspectiveCamera | OrthographicCamera,
    group: "solids" | "spaces",
  ): Promise<Found | undefined> {
    let nearest: Found | undefined;
    for (const meshes of sets) {
      if (meshes.picking[group].children.length === 0) continue;
      const found = await this.draw(meshes, camera, group);
      if (found && (!nearest || found.depth < nearest.depth)) nearest = found;
    }
    return nearest;
  }

  private async draw(
    meshes: MeshSet,
    camera: PerspectiveCamera | OrthographicCamera,
    group: "solids" | "spaces",
  ): Promise<Found | undefined> {
    const { renderer, target } = this;
    const { scene, root, solids, spaces } = meshes.picking;
    meshes.object.updateWorldMatrix(true, false);
    root.matrix.copy(meshes.object.matrixWorld);
    solids.visible = group === "solids";
    spaces.visible = group === "spaces";
    const before = {
      target: renderer.getRenderTarget(),
      colour: new Color(),
      alpha: renderer.getClearAlpha(),
    };
    renderer.getClearColor(before.colour);
    renderer.setRenderTarget(target);
    renderer.setClearColor(0, 0);
    renderer.clear();
    renderer.render(scene, camera);
    renderer.setRenderTarget(before.target);
    renderer.setClearColor(before.colour, before.alpha);
    const id = new Uint8Array(4);
    const packed = new Uint8Array(4);
    await Promise.all([
      renderer.readRenderTargetPixelsAsync(target, 0, 0, 1, 1, id, undefined, 0),
      renderer.readRenderTargetPixelsAsync(target, 0, 0, 1, 1, packed, undefined, 1),
    ]);
    if (id[3] === 0) return undefined;
    const number = id[0]! + id[1]! * 256 + id[2]! * 65536 - 1;
    if (number < 0 || number >= meshes.elements.count) return undefined;
    const depth = packed[0]! / 255 + packed[1]! / 255 ** 2 + packed[2]! / 255 ** 3;
    // The pixel fills the clip space of the camera for that pixel: its middle is (0, 0).
    const point = new Vector3(0, 0, depth * 2 - 1).unproject(camera);
    return { meshes, number, depth, point };
  }
}
