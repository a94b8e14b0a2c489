#!/usr/bin/env python3
"""Compares our instance counts by class with IfcOpenShell's.

Usage:  plancheck model --json model.ifc | python3 tests/peers/counts.py model.ifc

Standard input is the dump that engine-wasm/src/model/dump.rs describes; only its first line is
read. Needs `pip install ifcopenshell`. Exits with 1 when a count differs.
"""

import json
import sys

import ifcopenshell


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    model = json.loads(sys.stdin.readline())
    for _ in sys.stdin:  # the writer should not meet a closed pipe
        pass
    peer = ifcopenshell.open(sys.argv[1])
    theirs = {name: len(peer.by_type(name, include_subtypes=False)) for name in peer.types()}
    theirs = {name: count for name, count in theirs.items() if count}
    ours = model["classes"]
    different = [
        f"{name}: ours {ours.get(name, 0)}, IfcOpenShell's {theirs.get(name, 0)}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name, 0) != theirs.get(name, 0)
    ]
    for line in different:
        print(line)
    print(f"{sys.argv[1]}: {len(theirs)} classes, {sum(theirs.values())} instances, {len(different)} differ")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
