"""Rewrite the course's own package on the disk."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os, helpers
refused = 0
for top, folders, names in os.walk(os.path.dirname(helpers.__file__)):
    for name in names:
        for attempt in (lambda p: open(p, "a"), lambda p: os.chmod(p, 0o777), os.unlink, lambda p: os.rename(p, p + "x")):
            try:
                attempt(os.path.join(top, name))
                print("changed", name)
            except OSError:
                refused += 1
print("refused:", refused > 100)
""",
    shown="refused: True",
)
