/** The selected elements once more, seen through everything: copies of their indices over the same vertices. */
import {
  BufferAttribute,
  BufferGeometry,
  Group,
  LineSegments,
  Mesh,
  type InstancedBufferGeometry,
} from "three";
import { ORDER, type Materials } from "./materials.js";
import type { PlacedShape } from "./placed.js";
import type { BatchMessage, LinesMessage } from "./protocol.js";

interface Part {
  geometry: BufferGeometry;
  runs: Uint32Array;
  index?: Uint32Array;
}

export class Selection {
  readonly object = new Group();
  private readonly batches: Part[] = [];
  private readonly lines: Part[] = [];

  constructor(
    private readonly materials: Materials,
    private readonly shapes: readonly PlacedShape[],
  ) {}

  addBatch(geometry: BufferGeometry, { runs, index }: BatchMessage): void {
    this.batches.push({ geometry, runs, index });
  }

  addLines(geometry: BufferGeometry, { runs }: LinesMessage): void {
    this.lines.push({ geometry, runs });
  }

  show(numbers: Iterable<number>): void {
    this.clear();
    const elements = new Set(numbers);
    if (elements.size === 0) return;
    for (const part of this.batches) {
      const geometry = some(part, elements);
      if (geometry) this.add(new Mesh(geometry, this.materials.get("overlay", "solid", false)));
    }
    for (const part of this.lines) {
      const geometry = some(part, elements);
      if (geometry) this.add(new LineSegments(geometry, this.materials.get("overlay-lines", "solid", false)));
    }
    for (const shape of this.shapes) {
      const geometry = shape.some(elements);
      if (geometry) this.add(new Mesh(geometry, this.materials.get("overlay", "solid", true)));
    }
  }

  dispose(): void {
    this.clear();
    this.batches.length = this.lines.length = 0;
  }

  private add(object: Mesh<BufferGeometry | InstancedBufferGeometry> | LineSegments): void {
    object.renderOrder = ORDER.overlay;
    object.frustumCulled = false;
    object.raycast = () => {};
    this.object.add(object);
  }

  private clear(): void {
    for (const object of this.object.children as (Mesh | LineSegments)[]) {
      // The vertices belong to the batch: disposing of them here would have them sent to the card again.
      for (const name of [
        "position",
        "normal",
        ...(object.geometry.getAttribute("row0") ? [] : ["tint", "element"]),
      ]) {
        object.geometry.deleteAttribute(name);
      }
      object.geometry.dispose();
    }
    this.object.clear();
  }
}

/** The runs of some elements, over the same vertices. */
function some({ geometry, runs, index }: Part, elements: ReadonlySet<number>): BufferGeometry | undefined {
  const found: [number, number][] = [];
  let length = 0;
  for (let i = 0; i < runs.length; i += 3) {
    if (!elements.has(runs[i]!)) continue;
    found.push([runs[i + 1]!, runs[i + 2]!]);
    length += runs[i + 2]!;
  }
  if (length === 0) return undefined;
  const chosen = new Uint32Array(length);
  let at = 0;
  for (const [start, count] of found) {
    for (let i = 0; i < count; i++) chosen[at++] = index ? index[start + i]! : start + i;
  }
  const part = new BufferGeometry();
  for (const [name, attribute] of Object.entries(geometry.attributes)) part.setAttribute(name, attribute);
  part.setIndex(new BufferAttribute(chosen, 1));
  return part;
}
