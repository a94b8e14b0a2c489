#!/usr/bin/env python3
"""Writes the schema tables that the building model reads: engine-wasm/src/model/schema/*.txt.

One line for each entity, sorted by name without regard to case:

    IfcDoor IfcBuildingElement OverallHeight:IfcPositiveLengthMeasure OverallWidth:...

name, parent (`-` at a root), then the entity's own explicit attributes in order. After the colon:
the declared type for simple values, `enum` for enumerations, nothing for references, selects and
lists (their values say in the file what they are). The `Ifc` of declared types is left out.

Needs IfcOpenShell (`pip install ifcopenshell`), whose schema objects come from the EXPRESS files.
Run:  python3 tools/schema_table.py [--check]
"""

import sys
from pathlib import Path

import ifcopenshell.ifcopenshell_wrapper as wrapper

TARGET = Path(__file__).resolve().parent.parent / "engine-wasm" / "src" / "model" / "schema"
SCHEMAS = {"ifc2x3": "IFC2X3", "ifc4": "IFC4", "ifc4x3": "IFC4X3_ADD2"}


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


def table(schema):
    """The whole text of one table."""
    entities = sorted(schema.entities(), key=lambda e: e.name().upper())
    lines = [f"# {schema.name()}: written by tools/schema_table.py"]
    for entity in entities:
        parent = entity.supertype()
        words = [entity.name(), parent.name() if parent else "-"]
        for attribute in entity.attributes():
            suffix = kind(attribute)
            words.append(attribute.name() + (":" + suffix if suffix else ""))
        lines.append(" ".join(words))
    return "\n".join(lines) + "\n"


def main():
    check = "--check" in sys.argv[1:]
    stale = []
    for file, name in SCHEMAS.items():
        text = table(wrapper.schema_by_name(name))
        path = TARGET / f"{file}.txt"
        if check:
            if path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            TARGET.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{path.name}: {text.count(chr(10)) - 1} entities, {len(text)} bytes")
    if stale:
        sys.exit("stale: " + ", ".join(stale) + "; run tools/schema_table.py")


if __name__ == "__main__":
    main()
