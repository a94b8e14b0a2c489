#!/usr/bin/env python3
"""Compares our property and quantity values, types, storeys and materials with IfcOpenShell's.

Usage:  plancheck model --json model.ifc | python3 tests/peers/values.py model.ifc [samples]

Standard input is the dump that engine-wasm/src/model/dump.rs describes. Values are taken from
`ifcopenshell.util.element.get_psets`, brought to SI with `ifcopenshell.util.unit`, and have to be
equal to 1e-9 relative. Samples (1000 unless told; 0: all) are drawn with a fixed seed. Needs
`pip install ifcopenshell`. Exits with 1 when something differs.
"""

import json
import math
import random
import sys

import ifcopenshell
import ifcopenshell.util.element as element_util
import ifcopenshell.util.unit as unit_util

TOLERANCE = 1e-9
# IfcOpenShell calls the prefixes and names of units as IFC does; masses it keeps in grams.
MASS = 1e-3
QUANTITIES = {
    "IfcQuantityLength": "IfcLengthMeasure",
    "IfcQuantityArea": "IfcAreaMeasure",
    "IfcQuantityVolume": "IfcVolumeMeasure",
    "IfcQuantityWeight": "IfcMassMeasure",
    "IfcQuantityTime": "IfcTimeMeasure",
}


def unit_scale(peer, measure, own):
    """Factor from the written number to SI for a measure type, by its own unit or the project's."""
    if own is not None:
        if own.is_a("IfcDerivedUnit"):
            scale = 1.0
            for part in own.Elements:
                scale *= named_scale(part.Unit) ** part.Exponent
            return scale
        return named_scale(own)
    kind = unit_util.get_measure_unit_type(measure) if measure else None
    if not kind or kind == "USERDEFINED":
        return 1.0
    unit = unit_util.get_project_unit(peer, kind)
    return unit_scale(peer, None, unit) if unit is not None else 1.0


def named_scale(unit):
    """Factor of a named unit, through its chain of conversions."""
    scale = 1.0
    while unit.is_a("IfcConversionBasedUnit"):
        scale *= unit.ConversionFactor.ValueComponent.wrappedValue
        unit = unit.ConversionFactor.UnitComponent
    if unit.is_a("IfcSIUnit"):
        prefix = unit_util.get_prefix_multiplier(unit.Prefix)
        power = {"SQUARE_METRE": 2, "CUBIC_METRE": 3}.get(unit.Name, 1)
        scale *= prefix**power * (MASS if unit.Name == "GRAM" else 1.0)
    return scale


def written(peer, record):
    """The value of a property or quantity in SI; None where there is none that we read."""
    entity = peer.by_id(record)
    if entity.is_a("IfcPhysicalSimpleQuantity"):
        return number(peer, entity[3], QUANTITIES.get(entity.is_a()), entity.Unit)
    if entity.is_a("IfcPropertySingleValue"):
        value, unit = entity.NominalValue, entity.Unit
    elif entity.is_a("IfcPropertyEnumeratedValue"):
        value = (entity.EnumerationValues or [None])[0]
        unit = entity.EnumerationReference.Unit if entity.EnumerationReference else None
    elif entity.is_a("IfcPropertyListValue"):
        value, unit = (entity.ListValues or [None])[0], entity.Unit
    elif entity.is_a("IfcPropertyBoundedValue"):
        value, unit = getattr(entity, "SetPointValue", None), entity.Unit
    else:
        return None
    if value is None:
        return None
    inner = value.wrappedValue
    if value.is_a() == "IfcLogical" and not isinstance(inner, bool):
        return {"TRUE": True, "FALSE": False}.get(str(inner).upper())
    if isinstance(inner, (bool, str)):
        return inner
    if value.is_a() == "IfcThermodynamicTemperatureMeasure":
        unit = unit or unit_util.get_project_unit(peer, "THERMODYNAMICTEMPERATUREUNIT")
        celsius = unit is not None and getattr(unit, "Name", "") == "DEGREE_CELSIUS"
        return inner + (273.15 if celsius else 0.0)
    return number(peer, inner, value.is_a(), unit)


def number(peer, value, measure, unit):
    """A number in SI."""
    if value is None:
        return None
    return value * unit_scale(peer, measure, unit)


def same(ours, theirs):
    """Equality, for numbers to the tolerance."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=1e-300)
    return ours == theirs


def compare_element(peer, ours, report):
    """Compares one element; counts what was compared in `report`."""
    entity = peer.by_id(ours["record"])
    gid = ours["global_id"]

    def check(what, own, their):
        report["compared"] += 1
        if not same(own, their):
            report["different"].append(f"{gid} {what}: ours {own!r}, IfcOpenShell's {their!r}")

    check("class", ours["class"], entity.is_a())
    kind = element_util.get_type(entity)
    check("type", ours["type_record"], kind.id() if kind else None)
    storey = next(
        (a for a in ancestors(entity) if a.is_a("IfcBuildingStorey")), None
    )
    check("storey", ours["storey"], storey.GlobalId if storey else None)
    for name, members in element_util.get_psets(entity, should_inherit=True, verbose=True).items():
        for member, details in members.items():
            if member == "id" or not isinstance(details, dict) or "id" not in details:
                continue
            try:
                value = written(peer, details["id"])
            except RuntimeError:
                continue
            own = ours["sets"].get(name, {}).get(member)
            if value is None:
                continue
            if own is None:
                # A predefined set goes by its class in our dump.
                check(f"{name}.{member}", None, value)
            elif own["record"] != details["id"] and same_name_twice(entity, name, member):
                report["ambiguous"] += 1
            else:
                check(f"{name}.{member}", own["value"], value)


def same_name_twice(entity, name, member):
    """Whether an element has several sets of a name with this property: readers pick differently."""
    count = 0
    for owner in filter(None, [entity, element_util.get_type(entity)]):
        sets = [r.RelatingPropertyDefinition for r in getattr(owner, "IsDefinedBy", []) or []
                if r.is_a("IfcRelDefinesByProperties")]
        for one in sets + list(getattr(owner, "HasPropertySets", None) or []):
            members = getattr(one, "HasProperties", None) or getattr(one, "Quantities", None) or []
            if one.Name == name:
                count += sum(1 for m in members if m.Name == member)
    return count > 1


def ancestors(entity):
    """The element and what it is in, by our rule: whole, container, host of the opening."""
    seen = set()
    while entity is not None and entity.id() not in seen:
        seen.add(entity.id())
        yield entity
        entity = parent(entity)


def parent(entity):
    """One step up."""
    for inverse in ("Decomposes", "Nests"):
        for relation in getattr(entity, inverse, None) or []:
            if relation.is_a("IfcRelAggregates") or relation.is_a("IfcRelNests"):
                return relation.RelatingObject
    for relation in getattr(entity, "ContainedInStructure", None) or []:
        return relation.RelatingStructure
    for relation in getattr(entity, "FillsVoids", None) or []:
        for voids in relation.RelatingOpeningElement.VoidsElements:
            return voids.RelatingBuildingElement
    relation = getattr(entity, "VoidsElements", None)
    return relation[0].RelatingBuildingElement if relation else None


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    samples = int(sys.argv[2]) if len(sys.argv) == 3 else 1000
    sys.stdin.readline()
    elements = [json.loads(line) for line in sys.stdin]
    peer = ifcopenshell.open(sys.argv[1])
    random.Random(20260101).shuffle(elements)
    report = {"compared": 0, "ambiguous": 0, "different": []}
    for ours in elements:
        compare_element(peer, ours, report)
        if samples and report["compared"] >= samples:
            break
    for line in report["different"][:50]:
        print(line)
    print(
        f"{sys.argv[1]}: {report['compared']} compared, {report['ambiguous']} ambiguous, "
        f"{len(report['different'])} differ"
    )
    sys.exit(1 if report["different"] else 0)


if __name__ == "__main__":
    main()
