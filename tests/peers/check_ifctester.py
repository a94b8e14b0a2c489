"""Checks a model against an IDS document with IfcTester. Usage: MODEL DOCUMENT"""
import sys

import ifcopenshell
from ifctester import ids

document = ids.open(sys.argv[2])
document.validate(ifcopenshell.open(sys.argv[1]))
print(sum(bool(s.status) for s in document.specifications), "of", len(document.specifications), "pass")
