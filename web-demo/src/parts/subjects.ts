// From what the engine says of an element to what can be edited of it, and in which unit.

import type { ElementDetails, ElementProperty } from "@plancheck/engine";

import type { Fact, Finding, Place } from "../app/types";
import { placeOf } from "../logic/missing";
import { convert, convertible, parseQuantity, unitOf } from "../logic/units";
import type { Subject } from "./editor";

type DetailedFact = ElementDetails["facts"][number];

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** What a finding adds to a fact of an element: which element it is, and the clause's unit. */
export interface InFinding {
  finding: Finding;
  /** As the fact catalogue calls the fact at its element. */
  path: string;
  /** Tells apart facts of one path. */
  place: number;
  /** The element's name, where it is another than the finding's. */
  owner?: string | undefined;
}

/** How the fact of a finding, or of the element's own list, is edited. Undefined: it can only be concluded. */
export function factSubject(details: ElementDetails, fact: Fact, within?: InFinding): Subject | undefined {
  const path = within?.path ?? fact.path;
  const known = details.facts.find((candidate) => candidate.path === path);
  if (!known?.edit) return undefined;
  const finding = within?.owner === undefined ? within?.finding : undefined;
  const place = placeOf(known.edit);
  // A slope may be stated by a property that is an angle: it is written as what it is there.
  const stored = known.type === "number" ? propertyAt(details, place)?.unit : undefined;
  const codeUnit =
    unitOfFinding(finding, known) ?? (stored && stored !== known.unit ? known.unit : undefined);
  return {
    key: within ? `finding:${within.place}:${path}` : `fact:${path}`,
    element: details.global_id,
    title: known.title,
    owner: within?.owner,
    fact: path,
    places: [place],
    type: known.type,
    value: valueOf(details, known, place, finding),
    shown: known.value ?? "not known",
    concluded: concluded(known),
    unit: stored ?? known.unit,
    codeUnit,
  };
}

/** How a value was concluded that stands nowhere in the file. */
function concluded({ value, provenance }: DetailedFact): string | undefined {
  const stated = ["attribute", "property", "quantity", "declared"].includes(provenance ?? "");
  return value === undefined || stated ? undefined : provenance;
}

/** The property that stands where an edit would write. */
function propertyAt(details: ElementDetails, place: Place): ElementProperty | undefined {
  if (place.kind !== "property") return undefined;
  return details.properties.find(
    ({ name, set }) => same(name, place.name) && (!place.set || same(set, place.set)),
  );
}

/** The unit of the clause, where the fact is what the clause limits. */
function unitOfFinding(finding: Finding | undefined, fact: DetailedFact): string | undefined {
  const unit = finding?.required?.unit;
  if (!unit || fact.type !== "number") return undefined;
  return convertible(unitOf(unit), unitOf(fact.unit)) ? unit : undefined;
}

function valueOf(
  details: ElementDetails,
  fact: DetailedFact,
  place: Place,
  finding?: Finding,
): Subject["value"] {
  if (fact.value === undefined) return undefined;
  if (fact.type === "text") return fact.value;
  if (fact.type === "boolean") return fact.value === "yes";
  const property = propertyAt(details, place);
  // It stands there only where the fact was read there.
  if (property?.number !== undefined && property.record === fact.record) return property.number;
  const measured = finding?.measured;
  const stored = unitOf(property?.unit ?? fact.unit);
  const own = unitOf(fact.unit);
  const known =
    measured && !measured.tolerance_si && measured.si_unit === fact.unit
      ? measured.si
      : parseQuantity(fact.value, own);
  return known === undefined || !convertible(own, stored) ? undefined : convert(known, own, stored);
}

/** How a property is edited; quantities like properties. */
export function propertySubject(details: ElementDetails, property: ElementProperty): Subject | undefined {
  if (!property.editable || property.type === "other") return undefined;
  const value =
    property.type === "number"
      ? property.number
      : property.type === "boolean"
        ? property.value === "yes"
        : property.value;
  return {
    key: `property:${property.set}:${property.name}`,
    element: details.global_id,
    title: property.name,
    places: [{ kind: "property", set: property.set, name: property.name }],
    type: property.type,
    value,
    shown: property.value,
    unit: property.unit,
  };
}

export function attributeSubject(
  details: ElementDetails,
  attribute: ElementDetails["attributes"][number],
): Subject | undefined {
  if (attribute.type === "other" || attribute.name === "GlobalId") return undefined;
  return {
    key: `attribute:${attribute.name}`,
    element: details.global_id,
    title: attribute.name,
    places: [{ kind: "attribute", set: "", name: attribute.name }],
    type: attribute.type,
    value:
      attribute.type === "number"
        ? attribute.number
        : attribute.type === "boolean"
          ? attribute.value === "yes"
          : attribute.value,
    shown: attribute.value,
    unit: attribute.unit,
  };
}
