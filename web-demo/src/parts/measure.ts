// Measured against required, drawn: the permitted side of the limit, the limit, and the measured
// value: a point where it is exact, a bar where it is an interval.

import { html, nothing, svg, type TemplateResult } from "lit-html";

import type { Finding, Quantity } from "../app/types";

interface Scale {
  x(si: number): number;
  low: number;
  high: number;
  limit: number;
}

/** The value's interval in SI; both ends are equal where it is exact. */
export function interval(quantity: Quantity): [number, number] {
  const tolerance = quantity.tolerance_si ?? 0;
  return [quantity.si - tolerance, quantity.si + tolerance];
}

function scaleOf(finding: Finding, width: number, inset: number): Scale | undefined {
  if (!finding.measured || !finding.required) return undefined;
  const [low, high] = interval(finding.measured);
  const limit = finding.required.si;
  const from = Math.min(low, limit);
  const to = Math.max(high, limit);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  // A value on its limit still gets some room on both sides.
  const span = Math.max(to - from, Math.abs(limit) * 0.04, 1e-9);
  const middle = (from + to) / 2;
  const scale = (width - 2 * inset) / span;
  return { x: (si) => width / 2 + (si - middle) * scale, low, high, limit };
}

const sign = { at_least: "≥", at_most: "≤", equal: "=", none: "" } as const;

/** `32 in` of `32 in (0.813 m)`, and what stands in the brackets. */
export function displayParts(display: string): [string, string] {
  const found = /^(.*?) \((.*)\)$/.exec(display);
  return found ? [found[1]!, found[2]!] : [display, ""];
}

/** `23.6 in to 24.8 in` → `23.6–24.8 in` */
export function compact(text: string): string {
  return text.replace(/^(-?[\d.]+)( ?\D*?) to (-?[\d.]+)\2$/, "$1–$3$2");
}

/** `≥ 32 in` */
export function limitText(finding: Finding): string {
  if (!finding.required) return "";
  return `${sign[finding.comparison ?? "none"]} ${displayParts(finding.required.display)[0]}`.trim();
}

const WIDTH = 336;
const INSET = 62;
const MIDDLE = 33;

/** The large drawing of a finding's page. The text says the same in words, so it is hidden from readers. */
export function measure(finding: Finding): TemplateResult | typeof nothing {
  const scale = scaleOf(finding, WIDTH, INSET);
  if (!scale || !finding.measured || !finding.required) return nothing;
  const limit = scale.x(scale.limit);
  const [low, high] = [scale.x(scale.low), scale.x(scale.high)];
  const exact = high - low < 2;
  const [measured, measuredSi] = displayParts(finding.measured.display).map(compact) as [string, string];
  const [, requiredSi] = displayParts(finding.required.display);
  const permitted =
    finding.comparison === "at_least"
      ? [limit, WIDTH]
      : finding.comparison === "at_most"
        ? [0, limit]
        : undefined;
  const at = inside(limit, `${limitText(finding)}  ${requiredSi}`);
  const middle = inside((low + high) / 2, `${measured}  ${measuredSi}`);
  return html`<figure class="measure" aria-hidden="true">
    <svg viewBox="0 0 ${WIDTH} 66">
      <line class="measure-axis" x1="0" x2=${WIDTH} y1=${MIDDLE} y2=${MIDDLE} />
      ${
        permitted
          ? svg`<rect class="measure-permitted" x=${permitted[0]} y=${MIDDLE - 7} width=${permitted[1]! - permitted[0]!} height="14" />`
          : nothing
      }
      <line class="measure-limit" x1=${limit} x2=${limit} y1=${MIDDLE - 12} y2=${MIDDLE + 12} />
      <g class="measure-value verdict-${finding.verdict}">
        ${
          exact
            ? svg`<circle cx=${low} cy=${MIDDLE} r="5" />`
            : svg`<rect x=${low} y=${MIDDLE - 4} width=${high - low} height="8" rx="2" /><path d="M${low} ${MIDDLE - 8}v16M${high} ${MIDDLE - 8}v16" />`
        }
      </g>
      <text class="measure-text strong verdict-${finding.verdict}" x=${middle} y="12" text-anchor="middle">
        ${measured}
        <tspan class="measure-si" dx="6">${measuredSi}</tspan>
      </text>
      <text class="measure-text" x=${at} y="60" text-anchor="middle">
        ${limitText(finding)}
        <tspan class="measure-si" dx="6">${requiredSi}</tspan>
      </text>
    </svg>
  </figure>`;
}

/** The small drawing of a row. */
export function miniMeasure(finding: Finding): TemplateResult | typeof nothing {
  const width = 52;
  const scale = scaleOf(finding, width, 9);
  if (!scale) return nothing;
  const limit = scale.x(scale.limit);
  const [low, high] = [scale.x(scale.low), scale.x(scale.high)];
  const permitted =
    finding.comparison === "at_least"
      ? [limit, width]
      : finding.comparison === "at_most"
        ? [0, limit]
        : [limit, limit];
  return html`<svg class="mini" viewBox="0 0 ${width} 12" aria-hidden="true">
    <line class="measure-axis" x1="0" x2=${width} y1="6" y2="6" />
    <rect
      class="measure-permitted"
      x=${permitted[0]!}
      y="2.5"
      width=${permitted[1]! - permitted[0]!}
      height="7"
    />
    <line class="measure-limit" x1=${limit} x2=${limit} y1="1" y2="11" />
    <g class="measure-value verdict-${finding.verdict}">
      ${
        high - low < 2
          ? svg`<circle cx=${low} cy="6" r="2.6" />`
          : svg`<rect x=${low} y="4" width=${high - low} height="4" rx="1" />`
      }
    </g>
  </svg>`;
}

/** Keeps a text about this place within the drawing: a character is at most so wide. */
function inside(x: number, text: string): number {
  const half = Math.min((text.length * 6.6) / 2, WIDTH / 2);
  return Math.min(Math.max(x, half), WIDTH - half);
}
