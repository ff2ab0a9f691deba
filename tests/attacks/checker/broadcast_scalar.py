"""Return one infinite number, or a shape that broadcasts against everything."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
def answer(*inputs):
    return np.broadcast_to(np.inf, (1, 1, 1))
print(answer().shape)
""",
    shown="(1, 1, 1)",
)
