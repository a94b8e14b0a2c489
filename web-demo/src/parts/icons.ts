// Line icons on a grid of 16, drawn for this app.

import { svg, html, type TemplateResult } from "lit-html";

const shapes = {
  mark: svg`<path d="M2.5 2.5h11v11h-11zM2.5 8.5h4M9.5 2.5v3.5" /><path d="m6.8 9.6 1.9 1.9 3.3-4" />`,
  open: svg`<path d="M2 12.5v-9h4l1.5 2H14v7z" />`,
  search: svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.3 3.3" />`,
  filter: svg`<path d="M2 3.5h12M4.5 8h7M6.8 12.5h2.4" />`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8" />`,
  check: svg`<path d="m3.5 8.5 3 3 6-7" />`,
  chevron: svg`<path d="m6 4 4 4-4 4" />`,
  down: svg`<path d="m4 6 4 4 4-4" />`,
  undo: svg`<path d="M5.5 3 2.8 5.7l2.7 2.7M3 5.7h6.2a3.6 3.6 0 0 1 0 7.2H6.5" />`,
  redo: svg`<path d="m10.5 3 2.7 2.7-2.7 2.7M13 5.7H6.8a3.6 3.6 0 0 0 0 7.2h2.7" />`,
  sun: svg`<circle cx="8" cy="8" r="2.7" /><path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1" />`,
  moon: svg`<path d="M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z" />`,
  screen: svg`<path d="M2 3h12v8H2zM6 13.5h4" />`,
  help: svg`<circle cx="8" cy="8" r="6" /><path d="M6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.3M8 11.2v.2" />`,
  home: svg`<path d="m2.5 7.6 5.5-4.8 5.5 4.8M4 6.4v6.8h8V6.4" />`,
  frame: svg`<path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" /><path d="M6 6h4v4H6z" />`,
  isolate: svg`<path d="m8 2 5.2 3v6L8 14l-5.2-3V5z" stroke-dasharray="2 1.6" /><path d="m8 5.4 2.4 1.3v2.8L8 10.8 5.6 9.5V6.7z" fill="currentColor" stroke="none" />`,
  section: svg`<path d="m8 2 5.2 3v6L8 14l-5.2-3V5z" /><path d="M1.5 8h13" stroke-dasharray="1.6 1.4" />`,
  storeys: svg`<path d="m8 2 5.5 2.6L8 7.2 2.5 4.6zM2.5 8 8 10.6 13.5 8M2.5 11.2 8 13.8l5.5-2.6" />`,
  eye: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z" /><circle cx="8" cy="8" r="1.9" />`,
  edit: svg`<path d="m3 13 .6-2.9 7.2-7.2 2.3 2.3-7.2 7.2zM9.4 4.3l2.3 2.3" />`,
  add: svg`<path d="M8 3v10M3 8h10" />`,
  download: svg`<path d="M8 2.5v7.3M5 7l3 3 3-3M3 13h10" />`,
  upload: svg`<path d="M8 9.8V2.5M5 5.3l3-3 3 3M3 13h10" />`,
  people: svg`<circle cx="5.6" cy="5.4" r="2.4" /><path d="M1.5 13c0-2.6 1.7-4.2 4.1-4.2S9.700 10.400 9.700 13" /><path d="M10.300 3.200a2.300 2.300 0 0 1 0 4.400M11.500 9.100c1.800.4 3 1.800 3 3.900" />`,
  server: svg`<path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM4.8 5h.4M4.8 11h.4" />`,
  copy: svg`<path d="M5.5 5.5h8v8h-8z" /><path d="M10.5 5.5v-3h-8v8h3" />`,
  place: svg`<path d="M8 14S3.5 9.6 3.5 6.4a4.5 4.5 0 0 1 9 0C12.5 9.6 8 14 8 14z" /><circle cx="8" cy="6.4" r="1.5" />`,
  list: svg`<path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2" />`,
  book: svg`<path d="M3 3.5c2-.8 3.6-.5 5 .6v9.2c-1.4-1.1-3-1.4-5-.6zM13 3.5c-2-.8-3.6-.5-5 .6v9.2c1.4-1.1 3-1.4 5-.6z" />`,
  document: svg`<path d="M4 2.5h5.5L12.5 5.5v8H4z" /><path d="M9.2 2.7v3h3M6 8.5h4.5M6 11h4.5" />`,
  warning: svg`<path d="M8 2.2 14.3 13H1.7zM8 6.4v3.2M8 11.2v.2" />`,
  shield: svg`<path d="M8 1.8 13 3.6v4c0 3-2 5.3-5 6.6-3-1.3-5-3.6-5-6.6v-4z" /><path d="m5.8 7.9 1.6 1.6 2.8-3.3" />`,
  cube: svg`<path d="m8 2 5.2 3v6L8 14l-5.2-3V5zM8 8l5.2-3M8 8v6M8 8 2.8 5" />`,
  // Verdicts differ in shape as well as in colour.
  fail: svg`<path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z" fill="currentColor" stroke="none" /><path class="cut" d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" />`,
  undetermined: svg`<path d="M8 1.2 14.8 8 8 14.8 1.2 8z" fill="currentColor" stroke="none" /><path class="cut" d="M6.5 6.7a1.5 1.5 0 1 1 2.2 1.4c-.5.2-.7.5-.7 1M8 10.7v.1" />`,
  pass: svg`<circle cx="8" cy="8" r="6.3" fill="currentColor" stroke="none" /><path class="cut" d="m5.2 8.2 2 2 3.7-4.3" />`,
  not_applicable: svg`<circle cx="8" cy="8" r="5.8" /><path d="M5.4 8h5.2" />`,
} as const;

export type IconName = keyof typeof shapes;

/** Decoration only: whoever places it gives the words. */
export function icon(name: IconName, extra = ""): TemplateResult {
  return html`<svg class="icon ${extra}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    ${shapes[name]}
  </svg>`;
}

/** The icon of a verdict in its colour. */
export function verdictIcon(verdict: "fail" | "undetermined" | "pass" | "not_applicable"): TemplateResult {
  return icon(verdict, `verdict-${verdict}`);
}

export const verdictWord = {
  fail: "Fail",
  undetermined: "Undetermined",
  pass: "Pass",
  not_applicable: "Not applicable",
} as const;
