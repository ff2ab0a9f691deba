"""Walk up the frames of whoever calls and look for expected values in their variables."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys
def answer(*inputs):
    frame, found = sys._getframe(), None
    while frame:
        for name, value in frame.f_locals.items():
            if name in ("expected", "reference", "seed", "drawn"):
                found = value
        frame = frame.f_back
    return found if found is not None else 0.0
print("loot:", answer())
""",
    shown="loot: 0.0",
)
