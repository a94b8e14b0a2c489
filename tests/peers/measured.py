"""Runs a command; prints its wall seconds, its peak memory in kB and its exit code.

Usage: LIMIT_SECONDS COMMAND…  A command that takes longer than the limit is stopped: exit code 124.
"""
import resource
import subprocess
import sys
import time

start = time.perf_counter()
try:
    code = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, timeout=float(sys.argv[1])).returncode
except subprocess.TimeoutExpired:
    code = 124
seconds = time.perf_counter() - start
print(f"{seconds:.4f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} {code}")
