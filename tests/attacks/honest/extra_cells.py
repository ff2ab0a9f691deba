"""Cells of one's own between the exercises, with results and markdown."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
example = np.array([3.0, 4.0])
np.linalg.norm(example)
""",
    shown="5.0",
)
