"""Take memory without an end, in pieces that are touched."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
hoard = []
while True:
    hoard.append(bytearray(b"x" * 2**24))
""",
)
