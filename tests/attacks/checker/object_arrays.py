"""Return arrays of objects that compute when they are compared."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
class Mirror:
    __eq__ = lambda self, other: True
    __float__ = lambda self: 0.0
    __array_priority__ = 1e9
def answer(*inputs):
    return np.array([Mirror(), Mirror()], dtype=object)
print(answer() == 5)
""",
    shown="True",
)
