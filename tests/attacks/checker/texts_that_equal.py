"""Return a text of a class of its own that equals every regime."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
class Any(str):
    __eq__ = lambda self, other: True
    __hash__ = str.__hash__
    __str__ = lambda self: "one-step"
def answer(*inputs):
    return Any("any")
print(answer() == "cycles")
""",
    shown="True",
)
