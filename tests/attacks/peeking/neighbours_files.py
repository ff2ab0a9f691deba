"""Guess the paths of the neighbours' folders and of the course above this one."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os, pathlib
loot = []
for place in ("..", "../..", "../../..", "/home", "/root", "/srv", "/var", "/mnt", "/tmp"):
    for name in ("submitted", "source", "release", "as-taught"):
        path = pathlib.Path(place, name)
        try:
            loot += [str(path)] if path.exists() else []
        except OSError as error:
            print("refused:", error)
print("loot:", loot)
""",
    shown="loot: []",
)
