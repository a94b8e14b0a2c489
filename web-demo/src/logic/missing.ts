// Facts of findings that belong to other elements (the building's occupancy), and what undetermined
// findings lack: which fact, of which element.

import type { ElementDetails, Fact, Finding, Place } from "../app/types";

/** As much of an element as is needed to find what it is in. */
export interface Placed {
  class: string;
  /** The `global_id` of what it is part of, in, or fills an opening of. */
  container?: string;
}

export type Elements = ReadonlyMap<string, Placed>;

/** A fact of a finding and where it belongs. */
export interface Use {
  fact: Fact;
  /** The `global_id` of the element that it is a fact of; undefined where the model does not say which. */
  element: string | undefined;
  /** As the fact catalogue calls it there: `occupancy` of `building.occupancy`. */
  path: string;
}

/** The relations of the fact catalogue that lead to one element, and the class of that. */
const relations: Readonly<Record<string, string>> = {
  storey: "IfcBuildingStorey",
  building: "IfcBuilding",
  stair: "IfcStair",
  ramp: "IfcRamp",
};
const relation = new RegExp(`^(${Object.keys(relations).join("|")})\\.(.+)$`, "s");

/** Deeper than models nest; guards against elements that contain each other. */
const DEEPEST = 64;

/** The nearest of this class of what the element is in; an element is in itself. */
function around(element: string, ifc: string, elements: Elements): string | undefined {
  let at: string | undefined = element;
  for (let steps = 0; at !== undefined && steps < DEEPEST; steps++) {
    const here: Placed | undefined = elements.get(at);
    if (here?.class === ifc) return at;
    at = here?.container;
  }
  return undefined;
}

function follow(fact: Fact, element: string | undefined, elements: Elements): Use {
  let path = fact.path;
  let owner = element;
  for (let found = relation.exec(path); found; found = relation.exec(path)) {
    path = found[2]!;
    owner = owner === undefined ? undefined : around(owner, relations[found[1]!]!, elements);
  }
  return { fact, element: owner, path };
}

/** All facts of a finding, those that others were computed from after them. */
export function usesOf(finding: Finding, elements: Elements): Use[] {
  const all: Use[] = [];
  const walk = (facts: readonly Fact[], element: string | undefined) => {
    for (const fact of facts) {
      const use = follow(fact, element, elements);
      all.push(use);
      // What a fact was computed from are facts of its own element.
      if (fact.from) walk(fact.from, use.element);
    }
  };
  walk(finding.facts, finding.element.global_id);
  return all;
}

/** What an undetermined finding lacks. */
export interface Lack extends Use {
  /** The fact is known, but not exactly enough. */
  vague: boolean;
  /** Of the element; empty where it is not known. */
  class: string;
  /** The same for all that lack this fact of this kind of element. */
  key: string;
}

/** Made once for each finding: lists are arranged with every key that is typed. */
const lacks = new WeakMap<Finding, { elements: Elements; list: readonly Lack[] }>();

/** The facts at the root of an undetermined finding: absent ones, of what they would be computed from. */
export function lacksOf(finding: Finding, elements: Elements): readonly Lack[] {
  let kept = lacks.get(finding);
  if (kept?.elements !== elements)
    lacks.set(finding, (kept = { elements, list: findLacks(finding, elements) }));
  return kept.list;
}

function findLacks(finding: Finding, elements: Elements): Lack[] {
  if (finding.verdict !== "undetermined") return [];
  const lackOf = (use: Use, vague: boolean): Lack => {
    const ifc = (use.element === undefined ? undefined : elements.get(use.element)?.class) ?? "";
    return { ...use, vague, class: ifc, key: `${ifc} ${use.path} ${vague ? "vague" : "absent"}` };
  };
  const lacking: Lack[] = [];
  const walk = (facts: readonly Fact[], element: string | undefined) => {
    for (const fact of facts) {
      if (fact.absent === undefined) continue;
      const use = follow(fact, element, elements);
      if (fact.from?.some((inner) => inner.absent !== undefined)) walk(fact.from, use.element);
      else lacking.push(lackOf(use, false));
    }
  };
  walk(finding.facts, finding.element.global_id);
  if (lacking.length > 0) return lacking;
  const vague = finding.facts.filter((fact) => / to /.test(fact.value ?? ""));
  return vague.map((fact) => lackOf(follow(fact, finding.element.global_id, elements), true));
}

/** A fact of an element, and the findings of other elements that look at it. */
export interface Dependence {
  path: string;
  title: string;
  /** Findings that lack it. */
  lacking: Finding[];
  /** Findings that know it. */
  knowing: Finding[];
}

type ByElement = ReadonlyMap<string, readonly Dependence[]>;

/** Made once for each set of findings: there may be very many. */
const made = new WeakMap<ReadonlyMap<string, Finding>, { elements: Elements; index: ByElement }>();

/** What findings of other elements depend on this one, by fact; what most lack first. */
export function dependencesOn(
  element: string,
  findings: ReadonlyMap<string, Finding>,
  elements: Elements,
): readonly Dependence[] {
  let kept = made.get(findings);
  if (kept?.elements !== elements)
    made.set(findings, (kept = { elements, index: index(findings, elements) }));
  return kept.index.get(element) ?? [];
}

function index(findings: ReadonlyMap<string, Finding>, elements: Elements): ByElement {
  const all = new Map<string, Map<string, Dependence>>();
  for (const finding of findings.values()) {
    for (const { fact, element, path } of usesOf(finding, elements)) {
      if (element === undefined || element === finding.element.global_id) continue;
      let facts = all.get(element);
      if (!facts) all.set(element, (facts = new Map<string, Dependence>()));
      let one = facts.get(path);
      if (!one) facts.set(path, (one = { path, title: fact.title, lacking: [], knowing: [] }));
      const list = fact.absent === undefined ? one.knowing : one.lacking;
      // A finding may look at it twice: itself, and by what it was computed from.
      if (list.at(-1) !== finding) list.push(finding);
    }
  }
  const sorted = [...all].map(([element, facts]): [string, readonly Dependence[]] => [
    element,
    [...facts.values()].sort((a, b) => b.lacking.length - a.lacking.length),
  ]);
  return new Map(sorted);
}

type Target = NonNullable<ElementDetails["facts"][number]["edit"]>;

/** Where an edit of a fact writes. */
export function placeOf(edit: Target): Place {
  return edit.op === "set_attribute"
    ? { kind: "attribute", set: "", name: edit.name }
    : { kind: "property", set: edit.set, name: edit.name };
}
