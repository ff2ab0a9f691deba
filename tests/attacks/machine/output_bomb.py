"""Print without an end."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
while True:
    print("bomb" * 10_000)
""",
)
