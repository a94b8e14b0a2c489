// Units that people type and read. Everything that leaves this file is in SI.

export type Dimension =
  | "number"
  | "length"
  | "area"
  | "volume"
  | "angle"
  | "slope"
  | "time"
  | "count"
  | "pressure"
  | "flow"
  | "power"
  | "current";

export interface Unit {
  symbol: string;
  dimension: Dimension;
  /** One of these in SI. */
  factor: number;
}

const FOOT = 0.3048;
const INCH = 0.0254;

/** The first of each dimension is the SI unit. Exact factors: NIST SP 811, appendix B. */
const units: readonly Unit[] = [
  { symbol: "", dimension: "number", factor: 1 },
  { symbol: "%", dimension: "number", factor: 0.01 },
  { symbol: "m", dimension: "length", factor: 1 },
  { symbol: "mm", dimension: "length", factor: 0.001 },
  { symbol: "cm", dimension: "length", factor: 0.01 },
  { symbol: "in", dimension: "length", factor: INCH },
  { symbol: "ft", dimension: "length", factor: FOOT },
  { symbol: "m²", dimension: "area", factor: 1 },
  { symbol: "ft²", dimension: "area", factor: FOOT * FOOT },
  { symbol: "m³", dimension: "volume", factor: 1 },
  { symbol: "ft³", dimension: "volume", factor: FOOT ** 3 },
  { symbol: "rad", dimension: "angle", factor: 1 },
  { symbol: "°", dimension: "angle", factor: Math.PI / 180 },
  { symbol: "1:n", dimension: "slope", factor: 1 },
  { symbol: "% slope", dimension: "slope", factor: 0.01 },
  { symbol: "s", dimension: "time", factor: 1 },
  { symbol: "min", dimension: "time", factor: 60 },
  { symbol: "h", dimension: "time", factor: 3600 },
  { symbol: "persons", dimension: "count", factor: 1 },
  { symbol: "each", dimension: "count", factor: 1 },
  { symbol: "Pa", dimension: "pressure", factor: 1 },
  { symbol: "kPa", dimension: "pressure", factor: 1000 },
  { symbol: "psi", dimension: "pressure", factor: (0.45359237 * 9.80665) / INCH ** 2 },
  { symbol: "m³/s", dimension: "flow", factor: 1 },
  { symbol: "l/s", dimension: "flow", factor: 0.001 },
  { symbol: "m³/h", dimension: "flow", factor: 1 / 3600 },
  { symbol: "gpm", dimension: "flow", factor: (231 * INCH ** 3) / 60 },
  { symbol: "cfm", dimension: "flow", factor: FOOT ** 3 / 60 },
  { symbol: "W", dimension: "power", factor: 1 },
  { symbol: "kW", dimension: "power", factor: 1000 },
  { symbol: "A", dimension: "current", factor: 1 },
];

/** The unit with this symbol; unknown symbols are plain numbers. */
export function unitOf(symbol: string | undefined): Unit {
  const wanted = symbol === "1" ? "" : (symbol ?? "");
  return units.find((unit) => unit.symbol === wanted) ?? units[0]!;
}

/** All units of the same dimension, the one given first, then SI. */
export function unitsLike(first: Unit): Unit[] {
  return [first, ...units.filter((unit) => unit.dimension === first.dimension && unit !== first)];
}

/** Whether a number in one unit can be said in the other: an angle is a slope, too. */
export function convertible(a: Unit, b: Unit): boolean {
  return a.dimension === b.dimension || (sloping(a) && sloping(b));
}

const sloping = ({ dimension }: Unit) => dimension === "slope" || dimension === "angle";

/** A number in the SI unit of one dimension, in that of the other. */
export function convert(si: number, from: Unit, to: Unit): number {
  if (from.dimension === to.dimension) return si;
  return to.dimension === "angle" ? Math.atan(si) : Math.tan(si);
}

/** At most this many decimals, no trailing zeros. */
export function plain(value: number, decimals = 3): string {
  if (!Number.isFinite(value)) return "–";
  const text = value.toFixed(decimals);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** A number in SI as it stands in an input field of this unit. */
export function inUnit(si: number, unit: Unit): string {
  if (unit.symbol === "1:n") return si > 0 ? `1:${plain(1 / si, 2)}` : plain(si);
  const decimals = unit.symbol === "mm" ? 1 : unit.dimension === "length" ? 4 : 3;
  return plain(si / unit.factor, decimals);
}

/** A number in SI with its unit, for people. */
export function show(si: number, unit: Unit): string {
  const number = unit.symbol === "in" ? plain(si / unit.factor, 2) : inUnit(si, unit);
  if (unit.symbol === "1:n" || unit.symbol === "each" || unit.symbol === "") return number;
  return unit.symbol === "°" ? `${number}°` : `${number} ${unit.symbol.replace(" slope", "")}`;
}

const decimal = String.raw`(-?\d+(?:[.,]\d+)?|-?[.,]\d+)`;
const withUnit = new RegExp(
  `^${decimal}\\s*(${"mm|cm|m|in|ft|\"|'|″|′|m²|m2|ft²|ft2|m³|m3|ft³|ft3|rad|°|deg|%|s|min|h"})?$`,
  "i",
);
const fraction = String.raw`(?:(\d+)\s+)?(\d+)\/(\d+)`;
const feetInches = new RegExp(
  `^(\\d+)\\s*(?:ft|'|′)\\s*-?\\s*(?:${decimal}|${fraction})?\\s*(?:in|"|″)?$`,
  "i",
);
const fractionOfUnit = new RegExp(`^${fraction}\\s*(in|"|″)?$`, "i");
const spelled: Record<string, string> = {
  '"': "in",
  "″": "in",
  "'": "ft",
  "′": "ft",
  m2: "m²",
  ft2: "ft²",
  m3: "m³",
  ft3: "ft³",
  deg: "°",
};

const number = (text: string) => Number(text.replace(",", "."));
const mixed = (whole: string | undefined, over: string, under: string) =>
  Number(whole ?? 0) + Number(over) / Number(under);

/**
 * What was typed, in SI: a number in the unit that is chosen, or with a unit of its own
 * (`813 mm`, `2' 8"`, `7 1/2 in`, `1:12`). Undefined: it is none of these.
 */
export function parseQuantity(text: string, unit: Unit): number | undefined {
  const typed = text.trim();
  const ratio = /^(\d+(?:[.,]\d+)?)\s*:\s*(\d+(?:[.,]\d+)?)$/.exec(typed);
  if (ratio && (unit.dimension === "slope" || unit.dimension === "angle")) {
    const slope = number(ratio[1]!) / number(ratio[2]!);
    if (!Number.isFinite(slope)) return undefined;
    return unit.dimension === "slope" ? slope : Math.atan(slope);
  }
  if (unit.dimension === "length") {
    const feet = feetInches.exec(typed);
    if (feet) {
      const inches = feet[2] ? number(feet[2]) : feet[4] ? mixed(feet[3], feet[4], feet[5]!) : 0;
      return finite(Number(feet[1]) * FOOT + inches * INCH);
    }
  }
  const part = fractionOfUnit.exec(typed);
  if (part) {
    const own = part[4] ? unitOf("in") : unit;
    return own.dimension === unit.dimension
      ? finite(mixed(part[1], part[2]!, part[3]!) * own.factor)
      : undefined;
  }
  const found = withUnit.exec(typed);
  if (!found) return undefined;
  const value = number(found[1]!);
  const written = found[2]?.toLowerCase();
  if (!written) return unit.symbol === "1:n" ? finite(value) : finite(value * unit.factor);
  const symbol = spelled[written] ?? written;
  if (symbol === "%" && unit.dimension === "slope") return finite(value / 100);
  const own = units.find((candidate) => candidate.symbol === symbol);
  return own && own.dimension === unit.dimension ? finite(value * own.factor) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** What may be typed where a unit is chosen, with its unit, so that nobody has to guess which one is meant. */
export function example(symbol: string): string {
  const known: Record<string, string> = {
    in: "7 1/2 in or 190 mm",
    ft: "2' 8\"",
    m: "0.8 m",
    mm: "800 mm",
    cm: "80 cm",
    "1:n": "1:12",
    "% slope": "1:12",
    "": "2",
  };
  const made = `2.5 ${symbol}`;
  return known[symbol] ?? (parseQuantity(made, unitOf(symbol)) === undefined ? "2.5" : made);
}
