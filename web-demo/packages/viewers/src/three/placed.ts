/** One shape in many places: drawn by instancing, finer or coarser by its size on the screen. */
import {
  BufferAttribute,
  Frustum,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Matrix4,
  Mesh,
  Sphere,
  Vector3,
  type Camera,
  type Object3D,
} from "three";
import { ORDER, type Materials, type Pass } from "./materials.js";
import type { ShapeMessage } from "./protocol.js";

/** Radius in pixels (of a canvas 1000 high) above which a place is drawn in each version, the finest first. */
const PIXELS = [45, 12, 0.7];
/** No version: too small, or out of view. */
const NONE = 255;

/** A vertex buffer with the places of one level of detail. */
class Level {
  readonly geometry = new InstancedBufferGeometry();
  /** What draws it, visible where there is something to draw. */
  readonly meshes: Mesh[] = [];
  private readonly rows: InstancedBufferAttribute[];
  private readonly tint: InstancedBufferAttribute;
  private readonly element: InstancedBufferAttribute;

  constructor(
    vertices: { position: BufferAttribute; normal: BufferAttribute },
    index: Uint32Array,
    places: number,
  ) {
    this.geometry.setAttribute("position", vertices.position);
    this.geometry.setAttribute("normal", vertices.normal);
    this.geometry.setIndex(new BufferAttribute(index, 1));
    this.rows = [0, 1, 2].map(() => new InstancedBufferAttribute(new Float32Array(places * 4), 4));
    this.tint = new InstancedBufferAttribute(new Uint8Array(places * 4), 4, true);
    this.element = new InstancedBufferAttribute(new Uint32Array(places), 1);
    this.rows.forEach((row, i) => this.geometry.setAttribute(`row${i}`, row));
    this.geometry.setAttribute("tint", this.tint);
    this.geometry.setAttribute("element", this.element);
    this.geometry.instanceCount = 0;
  }

  /** Takes the places that `wanted` says. */
  fill(from: ShapeMessage, wanted: (place: number) => boolean): void {
    let count = 0;
    for (let place = 0; place < from.element.length; place++) {
      if (!wanted(place)) continue;
      for (let row = 0; row < 3; row++) {
        const start = place * 12 + row * 4;
        this.rows[row]!.array.set(from.places.subarray(start, start + 4), count * 4);
      }
      this.tint.array.set(from.tint.subarray(place * 4, place * 4 + 4), count * 4);
      this.element.array[count] = from.element[place]!;
      count += 1;
    }
    this.geometry.instanceCount = count;
    for (const mesh of this.meshes) mesh.visible = count > 0;
    if (count > 0)
      for (const attribute of [...this.rows, this.tint, this.element]) attribute.needsUpdate = true;
  }

  /** Frees the buffers that are its own; those of the vertices only with the last level. */
  dispose(withVertices: boolean): void {
    if (!withVertices) {
      this.geometry.deleteAttribute("position");
      this.geometry.deleteAttribute("normal");
    }
    this.geometry.dispose();
    for (const mesh of this.meshes) mesh.removeFromParent();
  }
}

export class PlacedShape {
  readonly triangles: number;
  readonly bytes: number;
  /** The finest first. */
  private readonly levels: Level[];
  private readonly vertices: { position: BufferAttribute; normal: BufferAttribute };
  private readonly centres: Float32Array;
  private readonly radii: Float32Array;
  private chosen: Uint8Array;
  private next: Uint8Array;

  constructor(
    private readonly message: ShapeMessage,
    private readonly materials: Materials,
  ) {
    const places = message.element.length;
    this.vertices = {
      position: new BufferAttribute(message.position, 3),
      normal: new BufferAttribute(message.normal, 4, true),
    };
    this.levels = [message.index, ...message.coarse].map((index) => new Level(this.vertices, index, places));
    this.triangles = (message.index.length / 3) * places;
    this.bytes =
      message.position.byteLength +
      message.normal.byteLength +
      message.index.byteLength +
      places * 72 * this.levels.length;
    this.chosen = new Uint8Array(places);
    this.next = new Uint8Array(places);
    [this.centres, this.radii] = spheres(message);
    this.levels[0]!.fill(message, () => true);
  }

  /** Objects to draw it with; they share its buffers. */
  objects(pass: Pass): Mesh[] {
    const material = this.materials.get(pass, this.message.kind, true);
    const made = this.levels.map((level) => {
      const mesh = new Mesh(level.geometry, material);
      level.meshes.push(mesh);
      mesh.frustumCulled = false;
      mesh.raycast = () => {};
      if (pass === "ghost") mesh.renderOrder = ORDER.ghost;
      else if (this.message.kind !== "solid") mesh.renderOrder = ORDER[this.message.kind];
      return mesh;
    });
    return made;
  }

  /** The places of some elements alone, in full, for the selection. */
  some(elements: ReadonlySet<number>): Level["geometry"] | undefined {
    const places = this.message.element;
    const wanted = (place: number) => elements.has(places[place]!);
    const count = places.filter((_, place) => wanted(place)).length;
    if (count === 0) return undefined;
    const level = new Level(this.vertices, this.message.index, count);
    level.fill(this.message, wanted);
    return level.geometry;
  }

  /** Chooses how finely each place is drawn. `view` takes the model's coordinates to clip space. */
  choose(frustum: Frustum, eye: Vector3, focal: number): void {
    let changed = false;
    const sphere = new Sphere();
    for (let place = 0; place < this.next.length; place++) {
      sphere.center.fromArray(this.centres, place * 3);
      sphere.radius = this.radii[place]!;
      const distance = Math.max(sphere.center.distanceTo(eye) - sphere.radius, 1e-3);
      const pixels = (sphere.radius * focal * 500) / distance;
      const fits = frustum.intersectsSphere(sphere) ? PIXELS.findIndex((least) => pixels > least) : -1;
      const level = fits < 0 ? NONE : Math.min(fits, this.levels.length - 1);
      this.next[place] = level;
      if (level !== this.chosen[place]) changed = true;
    }
    if (!changed) return;
    [this.chosen, this.next] = [this.next, this.chosen];
    this.levels.forEach((level, i) => level.fill(this.message, (place) => this.chosen[place] === i));
  }

  dispose(): void {
    this.levels.forEach((level, i) => level.dispose(i === 0));
  }
}

/** Bounding spheres of all places, in the coordinates of the model. */
function spheres(message: ShapeMessage): [Float32Array, Float32Array] {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  message.position.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3]!, value);
    high[i % 3] = Math.max(high[i % 3]!, value);
  });
  const middle = low.map((value, axis) => (value + high[axis]!) / 2);
  const radius = Math.hypot(...low.map((value, axis) => high[axis]! - value)) / 2;
  const places = message.element.length;
  const centres = new Float32Array(places * 3);
  const radii = new Float32Array(places);
  for (let place = 0; place < places; place++) {
    const m = message.places.subarray(place * 12, place * 12 + 12);
    for (let row = 0; row < 3; row++) {
      const [a, b, c, d] = m.subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
      centres[place * 3 + row] = a * middle[0]! + b * middle[1]! + c * middle[2]! + d;
    }
    const columns = [0, 1, 2].map((column) => Math.hypot(m[column]!, m[column + 4]!, m[column + 8]!));
    radii[place] = radius * Math.max(...columns);
  }
  return [centres, radii];
}

/** What `choose` needs, from a camera and the object that holds the model. */
export function viewOf(camera: Camera, object: Object3D): { frustum: Frustum; eye: Vector3; focal: number } {
  const world = new Matrix4().multiplyMatrices(camera.matrixWorldInverse, object.matrixWorld);
  const frustum = new Frustum().setFromProjectionMatrix(
    new Matrix4().multiplyMatrices(camera.projectionMatrix, world),
  );
  const eye = new Vector3().setFromMatrixPosition(world.invert());
  return { frustum, eye, focal: camera.projectionMatrix.elements[5]! };
}
