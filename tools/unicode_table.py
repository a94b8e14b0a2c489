#!/usr/bin/env python3
"""Writes the character tables of XSD regular expressions: engine-wasm/src/ids/pattern/unicode.txt.

One line for each general category (`Lu`): its ranges in order, each as the gap after the end of the
one before and, unless it is 0, `:` and its length less one; both in base 36. `Cn` is left out: it has
what no other category has. Then one line for each
block (`=BasicLatin`): first and last code point in hexadecimal.

Categories come from Python's unicodedata, blocks from Perl's Unicode::UCD (both read the Unicode
Character Database).
Run:  python3 tools/unicode_table.py
"""

import subprocess
import sys
import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "engine-wasm/src/ids/pattern/unicode.txt"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PERL = r"""
use Unicode::UCD; my $b = Unicode::UCD::charblocks();
for my $name (sort { $b->{$a}[0][0] <=> $b->{$b}[0][0] } keys %$b) {
  for my $r (@{$b->{$name}}) { printf "%s|%x|%x\n", $name, $r->[0], $r->[1]; }
}
"""


def base36(number):
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


def categories():
    ranges = {}
    for code in range(sys.maxunicode + 1):
        name = unicodedata.category(chr(code))
        if name in ("Cs", "Cn"):  # no characters; all that is in no other category
            continue
        own = ranges.setdefault(name, [])
        if own and own[-1][1] == code - 1:
            own[-1][1] = code
        else:
            own.append([code, code])
    for name in sorted(ranges):
        words, end = [], 0
        for first, last in ranges[name]:
            words.append(base36(first - end) + (":" + base36(last - first) if last > first else ""))
            end = last + 1
        yield name + " " + " ".join(words)


def blocks():
    found = subprocess.run(["perl", "-e", PERL], check=True, capture_output=True, text=True).stdout
    rows = [line.split("|") for line in found.splitlines()]
    for name, first, last in sorted(rows, key=lambda row: int(row[1], 16)):
        if name != "No_Block" and "Surrogate" not in name:
            yield f"={name.replace(' ', '').replace('_', '')} {first} {last}"


def main():
    lines = [f"# Unicode {unicodedata.unidata_version}: written by tools/unicode_table.py"]
    lines += [*categories(), *blocks()]
    TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(TARGET.name, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
