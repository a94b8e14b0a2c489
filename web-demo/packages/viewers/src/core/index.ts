/** What all adapters share: findings per element, colours, and the handle. It knows no viewer. */
export { FindingIndex, LEVELS, levelOf } from "./findings.js";
export type { DeltaLike, FindingLike, Level } from "./findings.js";
export { paletteOf, palettes, rgb } from "./palette.js";
export type { Palette, Theme } from "./palette.js";
export { createHighlight } from "./highlight.js";
export type { Highlight, HighlightOptions, Picked } from "./highlight.js";
export type { FlyOptions, Hit, MaybePromise, Others, Style, Target } from "./target.js";
export { Wholes } from "./wholes.js";
export type { ElementsLike } from "./wholes.js";
