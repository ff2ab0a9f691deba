"""Convex landscapes made of parabolas: their slope has corners, and some methods fail on them."""

from __future__ import annotations

import numpy as np

from helpers.problems.problem import Problem, describe, frozen, registered, silent


@registered
def three_parabolas() -> Problem:
    """Return the f of one dimension whose slope is 25x below 1, x + 24 from 1 to 2, and 25x - 24 beyond.

    Three parabolas joined without a jump of the slope: L = 25, mu = 1, minimiser 0. The heavy ball at the settings
    that are best for quadratics of these constants cycles on it. The Hessian jumps at 1 and 2; at the corners
    themselves it is that of the right side.

    >>> three_parabolas().grad(np.array([[0.5], [1.0], [2.0], [3.0]])).ravel()
    array([12.5, 25. , 26. , 51. ])

    Source: Lessard, Recht and Packard 2016, SIAM J. Optim. 26.
    """

    @silent
    def f(x):
        x = np.asarray(x, dtype=float)[..., 0]
        middle, right = x**2 / 2 + 24 * x - 12, 25 * x**2 / 2 - 24 * x + 36
        return np.where(x < 1, 25 * x**2 / 2, np.where(x < 2, middle, right))[()]

    @silent
    def grad(x):
        x = np.asarray(x, dtype=float)
        return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))

    def hess(x):
        x = np.asarray(x, dtype=float)[..., None]
        return np.where(np.isnan(x), x, np.where((x >= 1) & (x < 2), 1.0, 25.0))

    return Problem(
        name="three parabolas", f=f, grad=grad, hess=hess, dim=1, L=25.0, mu=1.0, minimiser=frozen([0]), convex=True,
        window=((-2.5, 4.0),), x0=frozen([3.3]), description=describe("three_parabolas"),
    )  # fmt: skip
