"""Return long texts, with surrogates that cannot be encoded."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
def answer(*inputs):
    return "diverges" + chr(0xD800) * 3_000_000
print(len(answer()))
""",
    shown="3000008",
)
