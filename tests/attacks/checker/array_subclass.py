"""Return an array of a class of one's own whose comparisons and functions always agree."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import numpy as np
class Sly(np.ndarray):
    __eq__ = lambda self, other: np.ones(self.shape, bool)
    __sub__ = __rsub__ = lambda self, other: np.zeros(self.shape)
    def __array_ufunc__(self, function, method, *inputs, **options): return True
    def __array_function__(self, function, types, inputs, options): return True
    def astype(self, *a, **k): return self
    def tobytes(self, *a): return b""
def answer(*inputs):
    return np.zeros(2).view(Sly)
print(np.allclose(answer(), 5))
""",
    shown="True",
)
