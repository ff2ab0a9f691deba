"""Print an endless line from within the function that is judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import sys
def answer(*inputs):
    for _ in range(2000):
        print("bomb" * 1000)
        sys.stderr.write("bomb" * 1000)
    return 0.0
print("ready to print")
""",
    shown="ready to print",
)
