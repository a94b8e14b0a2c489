/** One geometry of the file in its own coordinates, and what is computed from it once. */

/** Creases are drawn where faces meet at more than this angle. */
const CREASE_COSINE = Math.cos((25 * Math.PI) / 180);
/** Above this, a shape is so finely curved or detailed that its lines would only blacken it. */
const MOST_TRIANGLES_FOR_EDGES = 1000;
/** Vertices closer than this part of the shape's diagonal are one. */
const WELD = 1e-5;
/** Cells along the longest side of a shape, for each coarser version of it. */
const COARSE_CELLS = [20, 7];

export class Shape {
  readonly position: Float32Array<ArrayBuffer>;
  readonly normal: Int8Array<ArrayBuffer>;
  readonly low: [number, number, number] = [Infinity, Infinity, Infinity];
  readonly high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  private lines: Float32Array | undefined;

  /** `vertices`: x, y, z and the normal of each. */
  constructor(
    vertices: Float32Array,
    readonly index: Uint32Array<ArrayBuffer>,
  ) {
    const count = Math.floor(vertices.length / 6);
    this.position = new Float32Array(count * 3);
    this.normal = new Int8Array(count * 4);
    for (let vertex = 0; vertex < count; vertex++) {
      for (let axis = 0; axis < 3; axis++) {
        const at = vertices[vertex * 6 + axis]!;
        this.position[vertex * 3 + axis] = at;
        this.normal[vertex * 4 + axis] = Math.round(vertices[vertex * 6 + 3 + axis]! * 127);
        if (at < this.low[axis]!) this.low[axis] = at;
        if (at > this.high[axis]!) this.high[axis] = at;
      }
    }
  }

  get vertices(): number {
    return this.position.length / 3;
  }

  get triangles(): number {
    return this.index.length / 3;
  }

  /** Two points for each crease or open border. */
  edges(): Float32Array {
    this.lines ??= this.triangles > MOST_TRIANGLES_FOR_EDGES ? new Float32Array(0) : this.creases();
    return this.lines;
  }

  /** Triangles over the same vertices: two versions with ever fewer, or none where that would save nothing. */
  coarse(): Uint32Array<ArrayBuffer>[] {
    if (this.triangles < 200) return [];
    const longest = Math.max(...this.low.map((low, axis) => this.high[axis]! - low));
    const versions = COARSE_CELLS.map((cells) => this.without(longest / cells));
    return versions[0]!.length * 2 < this.index.length ? versions : [];
  }

  /** The triangles that are left when all vertices in a cell of that size are one. */
  private without(cell: number): Uint32Array<ArrayBuffer> {
    const of = this.cluster(cell);
    const seen = new Set<string>();
    const index: number[] = [];
    for (let i = 0; i < this.index.length; i += 3) {
      const a = of[this.index[i]!]!;
      const b = of[this.index[i + 1]!]!;
      const c = of[this.index[i + 2]!]!;
      if (a === b || b === c || c === a) continue;
      const key = [a, b, c].sort((x, y) => x - y).join();
      if (seen.has(key)) continue;
      seen.add(key);
      index.push(a, b, c);
    }
    return new Uint32Array(index);
  }

  /** For each vertex the first vertex in the same cell of a grid. */
  private cluster(cell: number): Uint32Array {
    const of = new Uint32Array(this.vertices);
    const first = new Map<number, number>();
    const step = 1 / (cell || 1);
    for (let vertex = 0; vertex < of.length; vertex++) {
      let key = 0;
      for (let axis = 0; axis < 3; axis++) {
        const at = Math.round((this.position[vertex * 3 + axis]! - this.low[axis]!) * step);
        key = key * 200_000 + at;
      }
      const known = first.get(key);
      if (known === undefined) first.set(key, vertex);
      of[vertex] = known ?? vertex;
    }
    return of;
  }

  private creases(): Float32Array {
    const diagonal = Math.hypot(...this.low.map((low, axis) => this.high[axis]! - low));
    const of = this.cluster(diagonal * WELD);
    const faces = this.faceNormals();
    // One entry for each edge: the first face at it, or -1 when it lies between two faces in one plane.
    const open = new Map<number, number>();
    const sharp = new Set<number>();
    const count = this.vertices;
    for (let i = 0; i < this.index.length; i++) {
      const face = Math.floor(i / 3);
      const from = of[this.index[i]!]!;
      const to = of[this.index[i % 3 === 2 ? i - 2 : i + 1]!]!;
      if (from === to || Number.isNaN(faces[face * 3]!)) continue;
      const key = from < to ? from * count + to : to * count + from;
      const other = open.get(key);
      if (other === undefined) {
        open.set(key, face);
        sharp.add(key);
      } else {
        let cosine = 0;
        for (let axis = 0; axis < 3; axis++) cosine += faces[face * 3 + axis]! * faces[other * 3 + axis]!;
        if (Math.abs(cosine) > CREASE_COSINE) sharp.delete(key);
        else sharp.add(key);
      }
    }
    const lines = new Float32Array(sharp.size * 6);
    let at = 0;
    for (const key of sharp) {
      const from = Math.floor(key / count);
      const to = key % count;
      lines.set(this.position.subarray(from * 3, from * 3 + 3), at);
      lines.set(this.position.subarray(to * 3, to * 3 + 3), at + 3);
      at += 6;
    }
    return lines;
  }

  /** Unit normals; NaN for a triangle without area. */
  private faceNormals(): Float32Array {
    const normals = new Float32Array(this.index.length);
    const p = this.position;
    for (let i = 0; i < this.index.length; i += 3) {
      const a = this.index[i]! * 3;
      const b = this.index[i + 1]! * 3;
      const c = this.index[i + 2]! * 3;
      const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
      const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
      const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
      const length = Math.hypot(x, y, z);
      normals[i] = x / length;
      normals[i + 1] = y / length;
      normals[i + 2] = z / length;
    }
    return normals;
  }
}
