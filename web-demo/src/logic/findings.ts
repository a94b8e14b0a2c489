// Which findings are shown, in which groups, in which order: worst first.

import type { Finding, RuleResult, Severity, Verdict } from "../app/types";
import { lacksOf, type Elements, type Lack } from "./missing";

export type Grouping = "clause" | "missing" | "storey" | "element";

export interface Filters {
  /** Verdicts that are left out. */
  hidden: ReadonlySet<Verdict>;
  severity?: Severity | undefined;
  module?: string | undefined;
  storey?: string | undefined;
  text: string;
  grouping: Grouping;
}

export const noFilters: Filters = { hidden: new Set(), text: "", grouping: "clause" };

export type Counts = Record<Verdict, number>;

export interface Group {
  kind: "group";
  key: string;
  title: string;
  subtitle: string;
  rule?: RuleResult | undefined;
  lack?: Lacking | undefined;
  counts: Counts;
  size: number;
  open: boolean;
}

/** What the findings of a group lack: a fact of a kind of element. */
export interface Lacking {
  class: string;
  path: string;
  /** It is known, but not exactly enough. */
  vague: boolean;
  /** How many elements it is missing on. */
  elements: number;
}

export interface Entry {
  kind: "finding";
  finding: Finding;
  group: Group;
  /** From 1, within its group. */
  position: number;
  /** The finding stands in a group above, too: it lacks several facts. */
  again: boolean;
}

export type ListRow = Group | Entry;

export interface Arranged {
  groups: Group[];
  rows: ListRow[];
  /** Those that pass the filters, also in groups that are folded. */
  matching: Finding[];
  total: number;
}

const verdictRank: Record<Verdict, number> = { fail: 0, undetermined: 1, pass: 2 };
const severityRank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

export const ruleKey = (of: { module: string; rule: string }): string => `${of.module}/${of.rule}`;

/** How an element is called: `Door D117`. */
export function elementLabel(element: {
  class: string;
  name?: string;
  long_name?: string;
  global_id: string;
}): string {
  const kind = className(element.class);
  const name = [element.name, element.long_name].filter(Boolean).join(" ");
  if (!name) return `${kind} ${element.global_id}`;
  const said = name.toLowerCase();
  return kind
    .toLowerCase()
    .split(" ")
    .some((word) => said.includes(word))
    ? name
    : `${kind} ${name}`;
}

/** `IfcStairFlight` → `Stair flight` */
export function className(ifc: string): string {
  const words = ifc
    .replace(/^Ifc/, "")
    .replace(/StandardCase$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/^building (?=storey|element)/, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The texts that a search looks in, in lower case, made once for each finding. */
const haystacks = new WeakMap<Finding, string>();

function haystack(finding: Finding): string {
  let text = haystacks.get(finding);
  if (text === undefined) {
    const { element } = finding;
    text = [
      elementLabel(element),
      element.class,
      element.global_id,
      element.storey ?? "",
      finding.rule,
      finding.citation,
      finding.message,
      element.record === undefined ? "" : `#${element.record}`,
    ]
      .join("\n")
      .toLowerCase();
    haystacks.set(finding, text);
  }
  return text;
}

/** Whether a finding passes the filters; `title` is its rule's. */
function passes(finding: Finding, filters: Filters, words: readonly string[], title: string): boolean {
  if (filters.hidden.has(finding.verdict)) return false;
  if (filters.severity && finding.severity !== filters.severity) return false;
  if (filters.module && finding.module !== filters.module) return false;
  if (filters.storey !== undefined && (finding.element.storey ?? "") !== filters.storey) return false;
  return words.every((word) => haystack(finding).includes(word) || title.includes(word));
}

/** How bad a finding is within its group: how far off, relative to what is required. */
function excess(finding: Finding): number {
  const required = Math.abs(finding.required?.si ?? 0);
  return finding.margin_si === undefined ? 0 : finding.margin_si / (required || 1);
}

/** Place in the file. */
function record(finding: Finding): number {
  return finding.element.record ?? 0;
}

/** `elements`: where facts belong; needed to group by what is missing. */
export function arrange(
  findings: Iterable<Finding>,
  rules: ReadonlyMap<string, RuleResult>,
  filters: Filters,
  collapsed: ReadonlySet<string>,
  elements: Elements = new Map(),
): Arranged {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const members = new Map<string, Finding[]>();
  const titles = new Map([...rules].map(([key, rule]) => [key, rule.title.toLowerCase()]));
  const matching: Finding[] = [];
  let total = 0;
  for (const finding of findings) {
    total += 1;
    if (!passes(finding, filters, words, titles.get(ruleKey(finding)) ?? "")) continue;
    matching.push(finding);
    for (const key of groupKeys(finding, filters.grouping, elements)) {
      const list = members.get(key);
      if (list) list.push(finding);
      else members.set(key, [finding]);
    }
  }
  // The rules' own order, else the order of appearance; edits change the latter only.
  const order = new Map([...rules.keys(), ...members.keys()].map((key, index) => [key, index]));
  const groups = [...members].map(([key, list]) =>
    makeGroup(key, list, rules, filters.grouping, collapsed, elements),
  );
  const worst = new Map(groups.map((group) => [group.key, worstOf(members.get(group.key)!)]));
  // What most findings lack is the most worth adding; what lacks nothing comes last.
  const lacked = (group: Group) => (filters.grouping === "missing" && group.lack ? group.size : 0);
  groups.sort(
    (a, b) =>
      lacked(b) - lacked(a) ||
      worst.get(a.key)! - worst.get(b.key)! ||
      b.counts.fail - a.counts.fail ||
      b.counts.undetermined - a.counts.undetermined ||
      order.get(a.key)! - order.get(b.key)!,
  );
  const rows: ListRow[] = [];
  // Only a finding that lacks several facts is in several groups.
  const seen = filters.grouping === "missing" ? new Set<string>() : undefined;
  for (const group of groups) {
    rows.push(group);
    if (!group.open) continue;
    const list = members.get(group.key)!;
    list.sort(
      (a, b) =>
        verdictRank[a.verdict] - verdictRank[b.verdict] || excess(a) - excess(b) || record(a) - record(b),
    );
    list.forEach((finding, index) => {
      const again = seen?.has(finding.id) ?? false;
      seen?.add(finding.id);
      rows.push({ kind: "finding", finding, group, position: index + 1, again });
    });
  }
  return { groups, rows, matching, total };
}

/** The groups that a finding is in: one, or one for each fact that it lacks. */
export function groupKeys(finding: Finding, grouping: Grouping, elements: Elements): string[] {
  switch (grouping) {
    case "clause":
      return [ruleKey(finding)];
    case "storey":
      return [finding.element.storey ?? ""];
    case "element":
      return [finding.element.global_id];
    case "missing": {
      const keys = new Set(lacksOf(finding, elements).map((lack) => lack.key));
      return keys.size > 0 ? [...keys] : [DECIDED];
    }
  }
}

/** What lacks nothing. */
const DECIDED = "";

function makeGroup(
  key: string,
  list: readonly Finding[],
  rules: ReadonlyMap<string, RuleResult>,
  grouping: Grouping,
  collapsed: ReadonlySet<string>,
  elements: Elements,
): Group {
  const counts: Counts = { fail: 0, undetermined: 0, pass: 0 };
  for (const finding of list) counts[finding.verdict] += 1;
  const first = list[0]!;
  const rule = grouping === "clause" ? rules.get(key) : undefined;
  const lack = grouping === "missing" && key !== DECIDED ? lackOf(key, list, elements) : undefined;
  const [title, subtitle] = {
    clause: () => [rule?.title ?? first.rule, first.citation] as const,
    storey: () => [key || "No storey", ""] as const,
    element: () => [elementLabel(first.element), first.element.storey ?? ""] as const,
    missing: () => [lack?.title ?? "Nothing is missing", lack ? "" : "what the data decide"] as const,
  }[grouping]();
  const open = !collapsed.has(key);
  return { kind: "group", key, title, subtitle, rule, lack: lack?.lacking, counts, size: list.length, open };
}

function lackOf(
  key: string,
  list: readonly Finding[],
  elements: Elements,
): { title: string; lacking: Lacking } {
  let first: Lack | undefined;
  const owners = new Set<string | undefined>();
  for (const finding of list) {
    for (const lack of lacksOf(finding, elements)) {
      if (lack.key !== key) continue;
      first ??= lack;
      owners.add(lack.element);
    }
  }
  const { fact, path, vague, class: ifc } = first!;
  return { title: fact.title, lacking: { class: ifc, path, vague, elements: owners.size } };
}

/** Small is bad: verdict first, then severity. */
function worstOf(list: readonly Finding[]): number {
  let worst = 99;
  for (const finding of list) {
    worst = Math.min(worst, verdictRank[finding.verdict] * 10 + severityRank[finding.severity]);
  }
  return worst;
}

/** Findings of one element, worst first. */
export function findingsOf(findings: Iterable<Finding>, globalId: string): Finding[] {
  const list = [...findings].filter((finding) => finding.element.global_id === globalId);
  return list.sort(
    (a, b) =>
      verdictRank[a.verdict] - verdictRank[b.verdict] || severityRank[a.severity] - severityRank[b.severity],
  );
}

/** The storeys that findings name, in the order of the list given, then the rest. */
export function storeysNamed(findings: Iterable<Finding>, known: readonly string[]): string[] {
  const named = new Set<string>();
  for (const finding of findings) named.add(finding.element.storey ?? "");
  return [...known.filter((name) => named.delete(name)), ...[...named].sort()];
}
