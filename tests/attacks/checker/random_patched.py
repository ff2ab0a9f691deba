"""Patch NumPy's random generators, so that fresh cases are always the same ones."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np, random
class Fixed:
    def __getattr__(self, name):
        return lambda *a, size=None, **k: np.zeros(size or ())
np.random.default_rng = lambda *a: Fixed()
np.random.Generator = Fixed
random.random = lambda: 0.5
print(np.random.default_rng().normal())
""",
    shown="0.0",
)
