"""Look through all objects of the process for drawn cases, expected values and seeds."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import gc
def answer(*inputs):
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Drawn", "CaseReport"):
            return thing
        if isinstance(thing, dict) and "expected" in thing and "inputs" in thing:
            return thing["expected"]
    return 0.0
print("loot:", answer())
""",
    shown="loot: 0.0",
)
