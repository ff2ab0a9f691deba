"""Read command lines, memory and open files of other processes through /proc."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os
loot = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    line = open(f"/proc/{pid}/cmdline").read()
    if "nbgrader" in line or "downhill" in line.replace("downhill-", "") or "dask" in line:
        loot.append(line)
try:
    open("/proc/1/mem", "rb").read(1)
    loot.append("memory of process 1")
except OSError as error:
    print("refused:", error)
print("loot:", loot)
""",
    shown="loot: []",
)
