"""Landscapes and settings for the walks of this chapter, and cases in which every mistake shows."""

import numpy as np

from helpers import problems
from helpers.exercises.drawing import definite_matrix, redrawn, telling, tenths


def slope(rng, d):
    """Return a bowl and a start from which the gradient has both signs and no entry near 0 for a few short steps."""

    def draw():
        Q, m = definite_matrix(rng, d), tenths(rng, d, -2.0, 2.0)
        x0 = m + tenths(rng, d, 1.5, 4.0) * rng.choice([-1.0, 1.0], d)
        return problems.quadratic(Q, np.round(Q @ m, 1)), np.round(x0, 1)

    def good(drawn):
        problem, x0 = drawn
        g = problem.grad(x0)
        mixed = d == 1 or (g.min() < 0 < g.max())
        return mixed and np.abs(g).min() > 1.2 and np.ptp(np.abs(g)) > 0.3 * (d > 1)

    return redrawn(draw, good)


def memories(rng):
    """Return a beta1 and a beta2 that are nobody's defaults."""
    return float(rng.choice([0.6, 0.7, 0.8])), float(rng.choice([0.85, 0.9, 0.95]))


def clear(draw, right, *wrong, rtol=3e-3):
    """Return inputs from `draw()` in which no `wrong` function comes within `rtol` of the `right` one."""
    return telling(draw, right, *wrong, rtol=rtol)
