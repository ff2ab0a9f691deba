"""Warnings and prints on stderr: stock nbgrader gives such a test nothing."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

import sys, warnings
def gradient_step(grad, x, alpha):
    print("careful", file=sys.stderr)
    warnings.warn("careful")
    return x - alpha * grad(x)
warnings.warn("also here")
print("also here", file=sys.stderr)
""",
    )


ENTRY = Entry(FULL, base="right", change=change, shown="also here")
