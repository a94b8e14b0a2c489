#!/usr/bin/env python3
"""Writes the table of schemas that the building model reads: engine-wasm/src/model/schema/classes.txt.

One line for each entity, sorted by name without regard to case; where schemas differ, one for each:

    1 IfcDoor IfcBuildingElement OverallHeight:PositiveLengthMeasure OverallWidth:...

the schemas (1 IFC2X3 + 2 IFC4 + 4 IFC4X3), name, parent (`-` at a root), then the entity's own explicit attributes in order. After the colon:
the declared type for simple values, `enum` for enumerations, nothing for references, selects and
lists (their values say in the file what they are). The `Ifc` of declared types is left out.

Needs IfcOpenShell (`pip install ifcopenshell`), whose schema objects come from the EXPRESS files.
Run:  python3 tools/schema_table.py [--check]
"""

import sys
from pathlib import Path

import ifcopenshell.ifcopenshell_wrapper as wrapper

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "engine-wasm" / "src" / "model" / "schema" / "classes.txt"
SCHEMAS = {"IFC2X3": 1, "IFC4": 2, "IFC4X3_ADD2": 4}


def kind(attribute):
    """What stands after the colon for an attribute."""
    declared = attribute.type_of_attribute()
    if declared.as_simple_type():
        return declared.as_simple_type().declared_type()
    named = declared.as_named_type()
    if not named:
        return ""
    declaration = named.declared_type()
    if declaration.as_enumeration_type():
        return "enum"
    if declaration.as_type_declaration():
        if declaration.as_type_declaration().declared_type().as_aggregation_type():
            return ""
        return declaration.name().removeprefix("Ifc")
    return ""


def lines_of(schema):
    """One line for each entity of a schema."""
    for entity in schema.entities():
        parent = entity.supertype()
        words = [entity.name(), parent.name() if parent else "-"]
        for attribute in entity.attributes():
            suffix = kind(attribute)
            words.append(attribute.name() + (":" + suffix if suffix else ""))
        yield " ".join(words)


def table():
    """The whole text of the table."""
    schemas = {}
    for name, bit in SCHEMAS.items():
        for line in lines_of(wrapper.schema_by_name(name)):
            schemas[line] = schemas.get(line, 0) | bit
    said = ", ".join(f"{name} ({bit})" for name, bit in SCHEMAS.items())
    lines = [f"# {said}: written by tools/schema_table.py"]
    for line in sorted(schemas, key=lambda line: (line.split(" ")[0].upper(), schemas[line])):
        lines.append(f"{schemas[line]} {line}")
    return "\n".join(lines) + "\n"


def main():
    text = table()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit(f"stale: {TARGET.name}; run tools/schema_table.py")
        return
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {text.count(chr(10)) - 1} lines, {len(text)} bytes")


if __name__ == "__main__":
    main()
