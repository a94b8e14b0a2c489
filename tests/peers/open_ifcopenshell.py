"""Opens a model with IfcOpenShell; prints seconds and peak memory in kB. Usage: FILE"""
import resource
import sys
import time

import ifcopenshell

start = time.perf_counter()
model = ifcopenshell.open(sys.argv[1])
print(f"{time.perf_counter() - start:.4f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
