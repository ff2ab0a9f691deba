"""Asks for help, with ? and help()."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
np.linalg.norm?
help(len)
""",
    shown="Return the number of items",
)
