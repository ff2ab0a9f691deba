"""Leave by sys.exit from within every function that is judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys
def answer(*inputs):
    sys.exit(0)
print("ready to leave")
""",
    shown="ready to leave",
)
