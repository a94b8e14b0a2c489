// The findings as a table for spreadsheets: RFC 4180, one row for each finding.

import type { Finding, Quantity, Report } from "../app/types";
import { ruleKey } from "./findings";

/**
 * Spreadsheets take texts that begin so for formulas, and a model is somebody else's file: such texts
 * get an apostrophe before them, as OWASP advises.
 */
const FORMULA = /^[\s\u0000]*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;

/** A text of the model or the code. Numbers are ours, and stay numbers. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return "";
  // Nine digits: what arithmetic adds beyond is noise.
  if (typeof value === "number") return String(Number(value.toPrecision(9)));
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

type Column = [
  name: string,
  of: (finding: Finding, titles: ReadonlyMap<string, string>) => string | number | undefined,
];

const low = ({ si, tolerance_si }: Quantity) => si - (tolerance_si ?? 0);
const high = ({ si, tolerance_si }: Quantity) => si + (tolerance_si ?? 0);

const columns: readonly Column[] = [
  ["verdict", ({ verdict }) => verdict],
  ["severity", ({ severity }) => severity],
  ["clause", ({ citation }) => citation],
  ["rule", (finding, titles) => titles.get(ruleKey(finding))],
  ["rule id", ({ rule }) => rule],
  ["module", ({ module }) => module],
  ["class", ({ element }) => element.class],
  ["element", ({ element }) => element.name],
  ["long name", ({ element }) => element.long_name],
  ["storey", ({ element }) => element.storey],
  ["GlobalId", ({ element }) => element.global_id],
  ["record", ({ element }) => element.record],
  ["measured", ({ measured }) => measured?.display],
  ["comparison", ({ comparison, required }) => (required ? comparison?.replace("_", " ") : undefined)],
  ["required", ({ required }) => required?.display],
  ["SI unit", ({ measured, required }) => (measured ?? required)?.si_unit],
  ["measured from (SI)", ({ measured }) => measured && low(measured)],
  ["measured to (SI)", ({ measured }) => measured && high(measured)],
  ["required (SI)", ({ required }) => required?.si],
  ["margin (SI)", ({ margin_si }) => margin_si],
  ["message", ({ message }) => message],
  ["missing", ({ facts }) => missing(facts)],
  ["sources", ({ facts }) => sources(facts)],
  ["finding", ({ id }) => id],
];

function missing(facts: Finding["facts"]): string {
  const absent = facts.filter((fact) => fact.absent !== undefined);
  return absent.map((fact) => `${fact.title}: ${fact.absent}`).join("; ");
}

function sources(facts: Finding["facts"]): string {
  const known = facts.filter((fact) => fact.value !== undefined);
  return known
    .map(({ title, value, provenance, source, record }) => {
      const from = [provenance, source, record === undefined ? "" : `#${record}`].filter(Boolean).join(" ");
      return `${title}: ${value}${from ? ` (${from})` : ""}`;
    })
    .join("; ");
}

/** Begins with a byte order mark: without it Excel takes UTF-8 for something else. */
export function csvOf(report: Report): string {
  const titles = new Map(report.rules.map((rule) => [ruleKey(rule), rule.title]));
  const rows = [
    columns.map(([name]) => cell(name)),
    ...report.findings.map((finding) => columns.map(([, of]) => cell(of(finding, titles)))),
  ];
  return `\uFEFF${rows.map((row) => row.join(",")).join("\r\n")}\r\n`;
}
