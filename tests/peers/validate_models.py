#!/usr/bin/env python3
"""Validates every model of the shared data and prints a table: time, memory, verdicts by rule.

    tests/peers/validate_models.py [PLANCHECK] > benches/results/DATE-models.md

PLANCHECK is the program (default: target/debug/plancheck). Models are found through
PLANCHECK_SHARED (default: ../shared), with their licences in data/ifc/INDEX.tsv there.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("PLANCHECK_SHARED", ROOT / "../shared"))
VERDICTS = ("pass", "fail", "undetermined", "not_applicable")


def validate(program, model):
    """The report, wall seconds and peak resident MB of one run."""
    begun = time.monotonic()
    command = [program, "validate", "--format", "json", model]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = run.stdout.read()
    _, status, usage = os.wait4(run.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{model}: exit code {os.waitstatus_to_exitcode(status)}")
    return json.loads(text), time.monotonic() - begun, usage.ru_maxrss / 1000


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/plancheck"
    folder = SHARED / "data/ifc"
    models = sorted(folder.glob("*.ifc"))
    if not models:
        sys.exit(f"SKIPPED: there are no models in {folder}")
    models.insert(0, ROOT / "demo/office.ifc")
    validate(program, models[0])  # fills the cache of compiled modules
    rows, by_rule = [], {}
    for number, model in enumerate(models, 1):
        report, seconds, peak = validate(program, model)
        total = dict.fromkeys(VERDICTS, 0)
        for rule in report["rules"]:
            name = (rule["module"], rule["rule"])
            counts = {verdict: rule[verdict] for verdict in VERDICTS}
            by_rule.setdefault(name, {})[number] = counts
            for verdict in VERDICTS:
                total[verdict] += counts[verdict]
        size = model.stat().st_size / 1e6
        figures = [f"{total[v]}" for v in VERDICTS]
        rows.append([f"{number}", model.name, f"{size:.1f}", f"{seconds:.2f}", f"{peak:.0f}", *figures])
    heads = ["", "model", "MB", "s", "peak MB", *(v.replace("_", " ") for v in VERDICTS)]
    table(heads, rows)
    print("\nBy rule: pass / fail / undetermined / not applicable; the columns are the models above.\n")
    cells = lambda counts: " / ".join(f"{counts[v]}" for v in VERDICTS) if any(counts.values()) else ""
    lines = [
        [f"{module} {rule}", *(cells(counts[n]) for n in range(1, len(models) + 1))]
        for (module, rule), counts in sorted(by_rule.items())
    ]
    table(["rule", *(f"{n}" for n in range(1, len(models) + 1))], lines)


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
