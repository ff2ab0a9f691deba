"""Change all inputs in place, hoping that expected values are worked out from them later."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
def answer(*inputs):
    for value in inputs:
        if isinstance(value, np.ndarray):
            value.flags.writeable = True
            value[...] = 0
    return np.zeros_like(inputs[1]) if isinstance(inputs[1], np.ndarray) else 0.0
print("mutates")
""",
    shown="mutates",
)
