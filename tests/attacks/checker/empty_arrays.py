"""Return empty arrays: all of nothing agrees."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
def answer(*inputs):
    return np.empty(0)
print(np.all(answer() == 1))
""",
    shown="True",
)
