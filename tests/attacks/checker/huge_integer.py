"""Return a whole number with a million digits, which takes minutes to print."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
def answer(*inputs):
    return 1 << 4_000_000
print(answer().bit_length())
""",
    shown="4000001",
)
