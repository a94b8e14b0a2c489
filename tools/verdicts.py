#!/usr/bin/env python3
"""Checks every model of the shared data against the codes of every place; prints tables of the verdicts.

    tools/verdicts.py [--program PLANCHECK] [--timeout SECONDS] [--keep FOLDER] > verdicts.md

All rulebooks of rules-plugins are built first. Models are found through PLANCHECK_SHARED
(default: ../shared). A run that takes longer than the timeout, or that ends without a report, is
listed as such and counts nowhere. With --keep the reports stay, as FOLDER/PLACE/MODEL.json, with
what passes. Ends with 1 where a run, a module or a rule had a problem.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHARED = pathlib.Path(os.environ.get("PLANCHECK_SHARED", ROOT / "../shared"))
VERDICTS = ("pass", "fail", "undetermined")


def build(program, folder):
    """One module of each rulebook, in the folder."""
    for rulebook in sorted(ROOT.glob("rules-plugins/*/rulebook.toml")):
        output = folder / f"{rulebook.parent.name}.wasm"
        run = subprocess.run(
            [program, "module", "build", rulebook, "--output", output], capture_output=True, text=True
        )
        if run.returncode != 0:
            sys.exit(f"{rulebook} cannot be built:\n{run.stderr}")


def places(program, modules):
    """The places that have codes, as --jurisdiction takes them."""
    command = [program, "jurisdictions", "list", "--allow-unsigned", "--modules-dir", modules]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.lower().replace(" ", "-") for line in text.splitlines() if line and line[0] != " "]


def validate(program, modules, place, model, timeout):
    """The report or what went wrong instead, wall seconds and peak resident MB of one run."""
    command = [program, "validate", model, "--jurisdiction", place, "--modules-dir", modules]
    command += ["--allow-unsigned", "--format", "json", "--show", "all", "--timeout", f"{timeout}s"]
    begun = time.monotonic()
    with tempfile.TemporaryFile() as errors:
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
        text = run.stdout.read()
        _, status, usage = os.wait4(run.pid, 0)
        seconds, peak = time.monotonic() - begun, usage.ru_maxrss / 1000
        run.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if run.returncode in (0, 1):
        return json.loads(text), seconds, peak
    last = [line for line in said.splitlines() if "NOT SIGNED" not in line][-1:]
    return f"exit code {run.returncode}: {' '.join(last)}", seconds, peak


def problems(report):
    """What in a report could not be checked."""
    for module in report["ruleset"]["modules"]:
        if "problem" in module:
            yield f"module {module['id']}: {module['problem']['message']}"
    for rule in report["rules"]:
        if "problem" in rule:
            yield f"{rule['module']} {rule['rule']}: {rule['problem']['message']}"


class Count:
    """Verdicts of several rules or models, and what they took."""

    def __init__(self):
        self.verdicts, self.models, self.rules = collections.Counter(), set(), set()
        self.seconds, self.slowest, self.peak = 0.0, 0.0, 0.0

    def ran(self, seconds, peak):
        self.seconds += seconds
        self.slowest, self.peak = max(self.slowest, seconds), max(self.peak, peak)

    def add(self, rule, model):
        for verdict in VERDICTS:
            self.verdicts[verdict] += rule[verdict]
        if any(rule[verdict] for verdict in VERDICTS):
            self.models.add(model)
            self.rules.add((rule["module"], rule["rule"]))

    def cells(self):
        known = self.verdicts["pass"] + self.verdicts["fail"]
        every = known + self.verdicts["undetermined"]
        share = f"{100 * known / every:.1f} %" if every else "–"
        return [*(f"{self.verdicts[verdict]}" for verdict in VERDICTS), share]


def table(heads, rows):
    print("\n| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def machine():
    info = pathlib.Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    return f"{os.cpu_count()} cores, {names[0] if names else platform.machine()}"


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--program", type=pathlib.Path, default=ROOT / "target/debug/plancheck")
    words.add_argument("--timeout", type=int, default=60, help="seconds for one model at one place")
    words.add_argument("--keep", type=pathlib.Path, help="folder for the reports")
    asked = words.parse_args()
    models = sorted((SHARED / "data/ifc").glob("*.ifc"))
    if not models:
        sys.exit(f"SKIPPED: there are no models in {SHARED / 'data/ifc'}")
    with tempfile.TemporaryDirectory() as modules:
        build(asked.program, pathlib.Path(modules))
        wrong = check(asked, modules, models)
    if wrong:
        sys.exit(1)


def check(asked, modules, models):
    by_place, by_module, by_model = ({} for _ in range(3))
    by_rule, rules_of, wrong, decided = {}, {}, [], {}
    smallest = min(models, key=lambda model: model.stat().st_size)
    for place in places(asked.program, modules):
        validate(asked.program, modules, place, smallest, asked.timeout)  # fills the cache of modules
        for number, model in enumerate(models, 1):
            report, seconds, peak = validate(asked.program, modules, place, model, asked.timeout)
            by_place.setdefault(place, Count()).ran(seconds, peak)
            by_model.setdefault(number, Count()).ran(seconds, peak)
            if isinstance(report, str):
                wrong.append(f"{place}, model {number}: {report}")
                continue
            wrong += [f"{place}, model {number}: {problem}" for problem in problems(report)]
            rules_of[place] = {(rule["module"], rule["rule"]) for rule in report["rules"]}
            for rule in report["rules"]:
                by_module.setdefault((place, rule["module"]), Count()).add(rule, number)
                by_rule.setdefault((rule["module"], rule["rule"]), Count()).add(rule, number)
                for count in (by_place[place], by_model[number]):
                    count.add(rule, number)
            decided[place, number] = f"{report['summary']['decided']}"
            if asked.keep:
                folder = asked.keep / place.replace("/", "-")
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{model.stem}.json").write_text(json.dumps(report))
    print(f"{datetime.date.today()}, {machine()}; `tools/verdicts.py`, {len(models)} models.")
    print("*Decided* is what passed or failed of what passed, failed or is undetermined.")
    print("*Rules*: those that governed something, of all. A run is one model at one place.")
    heads = ["pass", "fail", "undetermined", "decided"]
    rows = [
        [place, f"{len(c.rules)} of {len(rules_of.get(place, ()))}", *c.cells()]
        + [f"{c.seconds:.1f}", f"{c.slowest:.2f}", f"{c.peak:.0f}"]
        for place, c in by_place.items()
    ]
    print("\n## By place")
    table(["place", "rules", *heads, "s", "slowest run, s", "peak MB"], rows)
    print("\n## By place and module, where not as in the larger place")
    rows = []
    for (place, module), c in by_module.items():
        row = [module, f"{len(c.models)}"]
        row += [f"{len(c.rules)} of {sum(of == module for of, _ in rules_of[place])}", *c.cells()]
        larger = [kept for kept in rows if place.startswith(kept[0] + "/") and kept[1:] == row]
        if not larger:
            rows.append([place, *row])
    table(["place", "module", "models", "rules", *heads], rows)
    print("\n## By model, all places")
    rows = [
        [f"{number}", model.stem, f"{model.stat().st_size / 1e6:.1f}", f"{len(c.rules)}"]
        + [*c.cells(), f"{c.seconds:.1f}", f"{c.slowest:.2f}", f"{c.peak:.0f}"]
        for number, model in enumerate(models, 1)
        for c in [by_model[number]]
    ]
    table(["", "model", "MB", "rules", *heads, "s", "slowest run, s", "peak MB"], rows)
    print("\n## Decided, percent, by place and model (the numbers of the table above)")
    rows = [[p, *(decided.get((p, n), "error") for n in by_model)] for p in by_place]
    rows = [[cell.replace("None", "–") for cell in row] for row in rows]
    table(["place", *(f"{number}" for number in by_model)], rows)
    never = sorted(rule for rule, c in by_rule.items() if not c.models)
    mute = [r for r, c in by_rule.items() if c.models and not (c.verdicts["pass"] or c.verdicts["fail"])]
    print(f"\n{len(by_rule)} rules: {len(never)} govern nothing in these models, {len(mute)} decide nothing.")
    print(f"\n## Problems\n\n{len(wrong)}.")
    for line in wrong:
        print(f"- {line}")
    return wrong


if __name__ == "__main__":
    main()
