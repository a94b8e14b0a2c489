import type { Level } from "./findings.js";

export type Theme = "light" | "dark";

/** Colours as `#rrggbb`. */
export type Palette = Record<Level | "selection" | "neutral", string>;

/**
 * Red-orange, yellow, violet and green, chosen so that every two levels, and each of them and the grey of
 * other elements, keep a distance of at least 25 in CIELAB for normal sight, protanopia, deuteranopia and
 * tritanopia (simulated after Machado et al. 2009). A test holds them to it.
 */
export const palettes: Readonly<Record<Theme, Readonly<Palette>>> = {
  light: {
    "fail-error": "#d23c1a",
    "fail-warning": "#f7ab0a",
    undetermined: "#4b34c4",
    pass: "#2d8661",
    selection: "#00c2f0",
    neutral: "#c5c9ce",
  },
  dark: {
    "fail-error": "#e04a36",
    "fail-warning": "#f7c244",
    undetermined: "#6c6cf5",
    pass: "#3cd096",
    selection: "#6fe3ff",
    neutral: "#565d66",
  },
};

export function paletteOf(theme: Theme = "light", own: Partial<Palette> = {}): Palette {
  const palette: Palette = { ...palettes[theme] };
  for (const [name, colour] of Object.entries(own)) {
    if (colour === undefined) continue;
    if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new TypeError(`palette.${name}: "${colour}" is not #rrggbb`);
    palette[name as keyof Palette] = colour;
  }
  return palette;
}

/** `#rrggbb` to three numbers from 0 to 255 (sRGB). */
export function rgb(colour: string): [number, number, number] {
  const number = Number.parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
