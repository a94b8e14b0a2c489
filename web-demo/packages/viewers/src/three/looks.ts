/** How each element looks: one texel of a texture that every vertex reads by the number of its element. */
import { DataTexture, RGBAIntegerFormat, UnsignedByteType } from "three";
import { LEVELS, rgb, type Level, type Others, type Style } from "../core/index.js";

/** Texels in a row. */
export const LOOKS_WIDTH = 1024;

/** Bits of a texel's fourth byte; the other three are the colour. */
export const HIDDEN = 1;
export const COLOURED = 2;
export const FADED = 4;
export const GHOST = 8;
export const SELECTED = 16;

/** What is known of an element, beside its level. */
const IS_SELECTED = 1;
const IS_SPACE = 2;
const IS_HIDDEN = 4;
/** Isolated by name: a space is then shown whatever its level. */
const IS_NAMED = 8;

export type Spaces = "findings" | "always" | "never";

export class Looks {
  texture = texture(1);
  spaces: Spaces = "findings";
  private others: Others = "keep";
  private colours: [number, number, number][] = [];
  private level = new Uint8Array(0);
  private marks = new Uint8Array(0);
  private count = 0;

  /** Makes room; answers whether the texture is another one now. */
  grow(count: number): boolean {
    this.count = count;
    if (count <= this.level.length) return false;
    const rows = Math.ceil(Math.max(count, this.level.length * 2) / LOOKS_WIDTH);
    const larger = texture(rows);
    data(larger).set(
      data(this.texture).subarray(0, Math.min(data(this.texture).length, data(larger).length)),
    );
    this.texture.dispose();
    this.texture = larger;
    for (const name of ["level", "marks"] as const) {
      const grown = new Uint8Array(rows * LOOKS_WIDTH);
      grown.set(this[name]);
      this[name] = grown;
    }
    return true;
  }

  setStyle({ palette, others }: Style): void {
    this.others = others;
    this.colours = LEVELS.map((level) => rgb(palette[level]));
    for (let number = 0; number < this.count; number++) this.write(number);
  }

  setLevel(number: number, level: Level | undefined): void {
    this.level[number] = level === undefined ? 0 : LEVELS.indexOf(level) + 1;
    this.write(number);
  }

  setSpace(number: number): void {
    this.mark(number, IS_SPACE, IS_SPACE);
  }

  setSelected(number: number, selected: boolean): void {
    this.mark(number, IS_SELECTED, selected ? IS_SELECTED : 0);
  }

  setVisibility(number: number, hidden: boolean, named: boolean): void {
    this.mark(number, IS_HIDDEN | IS_NAMED, (hidden ? IS_HIDDEN : 0) | (named ? IS_NAMED : 0));
  }

  setSpaces(mode: Spaces): void {
    this.spaces = mode;
    for (let number = 0; number < this.count; number++)
      if (this.marks[number]! & IS_SPACE) this.write(number);
  }

  /** Whether anything is drawn translucent because it is one of the others. */
  hasGhosts(): boolean {
    return this.others === "ghost";
  }

  dispose(): void {
    this.texture.dispose();
  }

  private mark(number: number, mask: number, bits: number): void {
    const marks = (this.marks[number]! & ~mask) | bits;
    if (marks === this.marks[number]) return;
    this.marks[number] = marks;
    this.write(number);
  }

  private write(number: number): void {
    const texels = data(this.texture);
    const level = this.level[number]!;
    const colour = level > 0 ? this.colours[level - 1] : undefined;
    let flags = 0;
    const marks = this.marks[number]!;
    if (colour) {
      texels.set(colour, number * 4);
      flags |= COLOURED;
    } else if (!(marks & IS_SELECTED)) {
      if (this.others === "fade") flags |= FADED;
      else if (this.others === "ghost") flags |= GHOST;
    }
    if (marks & IS_SELECTED) flags |= SELECTED;
    if (marks & IS_HIDDEN || this.isUnwantedSpace(marks, level)) flags |= HIDDEN;
    texels[number * 4 + 3] = flags;
    this.texture.needsUpdate = true;
  }

  private isUnwantedSpace(marks: number, level: number): boolean {
    if (!(marks & IS_SPACE) || marks & (IS_SELECTED | IS_NAMED)) return false;
    return this.spaces === "never" || (this.spaces === "findings" && level === 0);
  }
}

function data(of: DataTexture): Uint8Array {
  return of.image.data as Uint8Array;
}

function texture(rows: number): DataTexture {
  const texels = new Uint8Array(rows * LOOKS_WIDTH * 4);
  const made = new DataTexture(texels, LOOKS_WIDTH, rows, RGBAIntegerFormat, UnsignedByteType);
  made.internalFormat = "RGBA8UI";
  made.needsUpdate = true;
  return made;
}
