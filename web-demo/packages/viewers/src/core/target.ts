import type { Level } from "./findings.js";
import type { Palette } from "./palette.js";

export type MaybePromise<T> = T | Promise<T>;

/** What is done with elements that have no coloured finding. */
export type Others = "keep" | "fade" | "ghost";

export interface Style {
  palette: Palette;
  others: Others;
}

export interface FlyOptions {
  /** Milliseconds; 0 is at once, as it always is under `prefers-reduced-motion`. */
  duration?: number;
  /** Space around the elements: 1 is tight. Default 1.6. */
  padding?: number;
  /**
   * Cuts away what stands between the eye and the elements, until one goes away from them. Default true; views of
   * `@plancheck/viewers/three` only.
   */
  cutaway?: boolean;
}

/** What is under the pointer. */
export interface Hit {
  globalId?: string;
  /** Instance number in the file. */
  record?: number;
  /** In the coordinates of the viewer's scene. */
  point?: [number, number, number];
}

/**
 * The little that a viewer must be able to do. `createHighlight` makes the whole handle of it, so an adapter
 * for another viewer is these functions.
 */
export interface Target {
  /** Another palette or another look of the elements without a level. Called before the first `paint`. */
  restyle(style: Style): MaybePromise<void>;
  /** Elements whose colour is another one now; `undefined`: none any more. */
  paint(changes: ReadonlyMap<string, Level | undefined>): MaybePromise<void>;
  select(globalIds: readonly string[]): MaybePromise<void>;
  /** Only these are visible; `null`: all. */
  isolate(globalIds: ReadonlySet<string> | null): MaybePromise<void>;
  /** False when none of them has a geometry. */
  flyTo(globalIds: readonly string[], options: FlyOptions): MaybePromise<boolean>;
  /** In client coordinates, as of a `PointerEvent`. */
  pick(clientX: number, clientY: number): MaybePromise<Hit | undefined>;
  /** The original look. */
  restore(): MaybePromise<void>;
  dispose?(): void;
}
