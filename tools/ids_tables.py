#!/usr/bin/env python3
"""Writes what an audit of IDS documents knows of IFC: engine-wasm/src/ids/audit/tables/*.txt.

The first word of a line is the versions it holds for, as a sum: 1 IFC2X3, 2 IFC4, 4 IFC4X3.

types.txt: `7 d IFCLENGTHMEASURE`: a data type and what its values are (d double, i integer,
s string, b boolean, D date, T dateTime, P duration, M time, - none);
`6 e IFCDOORTYPEENUM DOOR GATE`: an enumeration, with its items where a PredefinedType is of it;
`6 @ IFCDOOR`: the class's PredefinedType is an IFCDOORTYPEENUM; `2 @ IFCBEAMSTANDARDCASE IFCBEAMTYPEENUM`: one that
is not named after it.

psets.txt: `7 Pset_DoorCommon FireRating:L 6 Status:L`: a standardised set with its properties, first
those that all its versions have, then those of fewer after the sum of theirs; the types that are
used most are one letter, explained in the first lines; a property whose values IDS cannot compare
(references, complex ones) has no type.

Needs IfcOpenShell (`pip install ifcopenshell`), which carries the schemas and the templates.
Run:  python3 tools/ids_tables.py
"""

from collections import Counter
from pathlib import Path

import ifcopenshell
import ifcopenshell.ifcopenshell_wrapper as wrapper

TARGET = Path(__file__).resolve().parent.parent / "engine-wasm" / "src" / "ids" / "audit" / "tables"
VERSIONS = [(1, "IFC2X3", "IFC2X3"), (2, "IFC4", "IFC4_ADD2"), (4, "IFC4X3_ADD2", "IFC4X3")]
SIMPLE = {"real": "d", "number": "d", "integer": "i", "string": "s", "boolean": "b", "logical": "b"}
SPECIAL = {
    "IFCDATE": "D", "IFCDATETIME": "T", "IFCDURATION": "P", "IFCTIME": "M", "IFCCOUNTMEASURE": "i",
}
QUANTITIES = {
    "Q_LENGTH": "IfcLengthMeasure", "Q_AREA": "IfcAreaMeasure", "Q_VOLUME": "IfcVolumeMeasure",
    "Q_COUNT": "IfcCountMeasure", "Q_WEIGHT": "IfcMassMeasure", "Q_TIME": "IfcTimeMeasure",
}
LETTERS = "LBIRTNAVCPQUWXYZ"


def simple(declared):
    while declared.as_named_type():
        declared = declared.as_named_type().declared_type().as_type_declaration()
        if not declared:
            return None
        declared = declared.declared_type()
    return SIMPLE.get(declared.as_simple_type().declared_type()) if declared.as_simple_type() else None


def types():
    lines, wanted = Counter(), set()
    for bit, name, _ in VERSIONS:
        schema = wrapper.schema_by_name(name)
        for declaration in schema.declarations():
            upper = declaration.name().upper()
            if declaration.as_enumeration_type():
                items = declaration.as_enumeration_type().enumeration_items()
                lines[f"e {upper} {' '.join(items)}"] += bit
            elif declaration.as_type_declaration():
                kind = SPECIAL.get(upper) or simple(declaration.as_type_declaration().declared_type())
                if kind or upper == "IFCBINARY":
                    lines[f"{kind or '-'} {upper}"] += bit
            elif declaration.as_entity():
                for attribute in declaration.as_entity().all_attributes():
                    named = attribute.type_of_attribute().as_named_type()
                    if attribute.name() == "PredefinedType" and named:
                        wanted.add(named.declared_type().name().upper())
                        enumeration = named.declared_type().name().upper()
                        after = f"{upper.removesuffix('TYPE')}TYPEENUM"
                        lines[f"@ {upper}" if enumeration == after else f"@ {upper} {enumeration}"] += bit
    short = Counter()
    for line, bits in lines.items():
        kind, name, *_ = line.split(" ")
        if kind == "e" and name not in wanted:  # only the items of predefined types are asked for
            line = f"e {name}"
        short[line] |= bits
    return [f"{bits} {line}" for line, bits in sorted(short.items())]


def property_type(template):
    kind = template.TemplateType or "P_SINGLEVALUE"
    if kind in QUANTITIES:
        return QUANTITIES[kind].upper()
    if kind == "P_REFERENCEVALUE":
        return ""
    return (template.PrimaryMeasureType or "").upper()


def psets():
    sets, used = Counter(), Counter()
    for bit, _, file in VERSIONS:
        folder = Path(ifcopenshell.__file__).parent / "util" / "schema"
        seen = set()
        for template in ifcopenshell.open(folder / f"Pset_{file}.ifc").by_type("IfcPropertySetTemplate"):
            name = template.Name
            if not name.startswith(("Pset_", "Qto_")) or name in seen or " " in name:
                continue
            seen.add(name)
            entries = []
            for own in template.HasPropertyTemplates or ():
                if own.Name and " " not in own.Name and ":" not in own.Name:
                    data_type = property_type(own) if own.is_a("IfcSimplePropertyTemplate") else ""
                    entries.append((own.Name, data_type))
            sets[(name, tuple(sorted(set(entries))))] += bit
    for (_, entries), _ in sets.items():
        used.update(data_type for _, data_type in entries if data_type)
    letters = {t: LETTERS[i] for i, (t, _) in enumerate(used.most_common(len(LETTERS)))}
    head = [f"{letter}={data_type}" for data_type, letter in letters.items()]

    def word(name, data_type):
        if not data_type:
            return name
        return f"{name}:{letters.get(data_type, data_type.removeprefix('IFC').removesuffix('MEASURE') + ('~' if data_type.endswith('MEASURE') else ''))}"

    versions, words = Counter(), {}
    for (name, entries), bits in sets.items():
        versions[name] += bits
        for entry in entries:
            words.setdefault(name, Counter())[word(*entry)] += bits
    body = []
    for name, bits in sorted(versions.items()):
        groups = {bits: []}
        for own, of in words.get(name, {}).items():
            groups.setdefault(of, []).append(own)
        row = [str(bits), name, *sorted(groups.pop(bits))]
        for of, own in sorted(groups.items()):
            row += [str(of), *sorted(own)]
        body.append(" ".join(row))
    return head + body


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, lines in [("types.txt", types()), ("psets.txt", psets())]:
        text = "# Written by tools/ids_tables.py\n" + "\n".join(lines) + "\n"
        (TARGET / name).write_text(text, encoding="utf-8")
        print(name, len(lines), "lines", len(text.encode()), "bytes")


if __name__ == "__main__":
    main()
