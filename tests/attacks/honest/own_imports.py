"""Imports of one's own, the whole of NumPy's names among them."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

import numpy
from numpy import *
import math, itertools, functools
def gradient_step(grad, x, alpha):
    return numpy.subtract(x, multiply(alpha, grad(x)))
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
