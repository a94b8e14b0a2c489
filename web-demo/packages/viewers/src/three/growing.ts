/** Typed arrays that grow, for the geometry worker. */

type Array32 = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
type Array8 = Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
type Any = Array32 | Array8;

export class Growing<T extends Any> {
  length = 0;

  constructor(
    private readonly make: (length: number) => T,
    public data: T = make(1024),
  ) {}

  /** Makes room for `more` values behind the last and counts them in; answers with the place of the first. */
  grow(more: number): number {
    const from = this.length;
    this.length += more;
    if (this.length > this.data.length) {
      const larger = this.make(Math.max(this.length, this.data.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    return from;
  }

  push(...values: number[]): void {
    const from = this.grow(values.length);
    for (let i = 0; i < values.length; i++) this.data[from + i] = values[i] as number;
  }

  /** What is there, as an array of its own; nothing is there afterwards. */
  take(): T {
    const taken = this.data.slice(0, this.length) as T;
    this.length = 0;
    return taken;
  }
}

export const floats = () => new Growing((n) => new Float32Array(n));
export const words = () => new Growing((n) => new Uint32Array(n));
export const bytes = () => new Growing((n) => new Uint8Array(n));
export const signedBytes = () => new Growing((n) => new Int8Array(n));
