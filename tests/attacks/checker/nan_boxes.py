"""Return nan with a payload, as if it could carry something out or confuse a comparison of bytes."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import struct, numpy as np
box = np.frombuffer(struct.pack("<Q", 0x7FF8_5C0_DE_BAD_CAFE & (2**64 - 1)), "<f8")
def answer(first, second, *rest):
    return np.broadcast_to(box, np.shape(second))
print(np.isnan(box))
""",
    shown="True",
)
