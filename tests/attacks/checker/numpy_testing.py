"""Replace NumPy's comparisons, so that everything is equal to everything."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import numpy as np, math
true = lambda *a, **k: True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "isfinite"):
    setattr(np, name, true)
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, true)
math.isclose = true
print(np.allclose(1, 2))
""",
    shown="True",
)
