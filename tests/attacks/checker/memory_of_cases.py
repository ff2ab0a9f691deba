"""Record every input on the first call and answer later calls from the record."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
seen = {}
def answer(*inputs):
    key = repr([getattr(value, "shape", value) for value in inputs])
    return seen.setdefault(key, inputs[-1])
print("remembering")
""",
    shown="remembering",
)
