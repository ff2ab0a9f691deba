"""Return an object with an __array__ of its own, which asks who is calling before it answers."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys, numpy as np
class Chameleon:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe(1)
        while frame:
            for value in frame.f_locals.values():
                if type(value).__name__ in ("CaseReport", "Drawn") or "expected" in frame.f_locals:
                    return np.asarray(frame.f_locals.get("expected", 0.0))
            frame = frame.f_back
        return np.zeros(2)
def answer(*inputs):
    return Chameleon()
print(np.asarray(answer()))
""",
    shown="0. 0.",
)
