"""Return nan, to which every comparison says no, and so no error is above a tolerance."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
def answer(first, second, *rest):
    return np.full_like(np.asarray(second, dtype=float), np.nan)
print(np.nan > 1)
""",
    shown="False",
)
