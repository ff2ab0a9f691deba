"""Patch the function that the exercise gives, in place, so that the right answer is easy."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import helpers.problems as problems, numpy as np
for name, thing in list(vars(problems).items()):
    if isinstance(thing, type):
        for method in ("grad", "f", "hess"):
            if hasattr(thing, method):
                try:
                    setattr(thing, method, lambda self, x: np.zeros_like(x, dtype=float))
                except (AttributeError, TypeError):
                    continue
problems.build = lambda description: None
def answer(first, second, *rest):
    return second
print("patched")
""",
    shown="patched",
)
