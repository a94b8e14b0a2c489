#!/usr/bin/env python3
"""Compares our results of IDS documents with those of IfcTester, specification by specification.

Needs IfcTester (`pip install ifctester`) and our example program:
    cargo build --release -p plancheck-engine --example ids
    python3 tests/peers/ids_differential.py PROGRAM DOCUMENT MODEL…

Prints, for each specification, whether the status and the failing GlobalIds are the same, and of
those that are not, some on either side with our reason. docs/ids-differences.md says why.
"""

import json
import subprocess
import sys
import time

import ifcopenshell
from ifctester import ids

SHOWN = 4


def ours(program, model, document):
    run = subprocess.run([program, "--json", model, document], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["documents"][0]["specifications"]


def name_of(entity):
    return getattr(entity, "GlobalId", None) or f"#{entity.id()}"


def theirs(model, document):
    opened = ifcopenshell.open(model)
    started = time.time()
    checked = ids.open(document)
    checked.validate(opened)
    return checked.specifications, time.time() - started


def compare(program, document, model):
    own = ours(program, model, document)
    peers, seconds = theirs(model, document)
    same = 0
    for mine, peer in zip(own, peers, strict=True):
        reasons = {}
        for requirement in mine["requirements"]:
            for failing in requirement["failing"]:
                element = failing["element"]
                key = element["global_id"] or f"#{element['record']}"
                reasons.setdefault(key, failing["reason"])
        failing = {name_of(entity) for entity in peer.failed_entities}
        applicable = len(peer.applicable_entities)
        verdict = {"pass": True, "fail": False}.get(mine["status"])
        alike = (
            verdict == bool(peer.status)
            and mine["applicable"] == applicable
            and set(reasons) == failing
        )
        same += alike
        if alike:
            continue
        print(f"  {mine['name']}: ours {mine['status']} {mine['failed']} of {mine['applicable']},"
              f" IfcTester {'pass' if peer.status else 'fail'} {len(failing)} of {applicable}")
        for key in sorted(set(reasons) - failing)[:SHOWN]:
            print(f"    only ours    {key}: {reasons[key]}")
        for key in sorted(failing - set(reasons))[:SHOWN]:
            peer_reason = next(
                (f["reason"] for r in peer.requirements for f in r.failures if name_of(f["element"]) == key), "")
            print(f"    only theirs  {key}: {peer_reason}")
    print(f"{model}: {same} of {len(own)} specifications the same (IfcTester {seconds:.2f} s)", flush=True)


def main():
    program, document, *models = sys.argv[1:]
    for model in models:
        try:
            compare(program, document, model)
        except Exception as error:  # a peer's failure is one of its results
            print(f"{model}: not compared: {type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    main()
