"""Read the environment of this process and of all others for names, keys and passwords of the grader."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os, glob
loot = [name for name in os.environ if "CANARY" in name]
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        loot += [path] if b"CANARY" in open(path, "rb").read() else []
    except OSError:
        continue
print("loot:", loot)
""",
    shown="loot: []",
)
