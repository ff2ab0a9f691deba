"""Return arrays of a gigabyte of zeros that cost nothing until they are sent."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
def answer(*inputs):
    return np.broadcast_to(0.0, (1000, 1000, 1000))
print(answer().nbytes)
""",
    shown="8000000000",
)
