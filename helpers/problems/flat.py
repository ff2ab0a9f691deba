"""Convex landscapes that flatten out: nothing curves far from the minimiser, and mu is 0."""

from __future__ import annotations

import numpy as np

from helpers import arguments
from helpers.problems.problem import Problem, describe, frozen, registered, silent


@registered
def huber(delta: float = 1.0, curvature: float = 1.0) -> Problem:
    """Return f(x) = curvature x^2/2 for |x| <= delta and curvature delta (|x| - delta/2) beyond, in one dimension.

    A parabola that goes on as its tangent: L is the curvature, mu is 0. The slope has no jump; the Hessian is
    the curvature up to delta, and 0 beyond. Raises ValueError if delta or curvature is not > 0.

    >>> huber(delta=1.0, curvature=2.0).f(np.array([[0.5], [3.0]]))
    array([0.25, 5.  ])

    Source: Huber 1964, Ann. Math. Statist. 35; as the worst case of gradient descent Drori and Teboulle 2014,
    Math. Program. 145.
    """
    delta = arguments.number("delta", delta, low=0, open_low=True)
    c = arguments.number("curvature", curvature, low=0, open_low=True)

    @silent
    def f(x):
        size = np.abs(np.asarray(x, dtype=float)[..., 0])
        return np.where(size <= delta, c * size**2 / 2, c * delta * (size - delta / 2))[()]

    def grad(x):
        return c * np.clip(np.asarray(x, dtype=float), -delta, delta)

    def hess(x):
        x = np.asarray(x, dtype=float)[..., None]
        return np.where(np.isnan(x), x, np.where(np.abs(x) <= delta, c, 0.0))

    return Problem(
        name="Huber", f=f, grad=grad, hess=hess, dim=1, L=c, mu=0.0, minimiser=frozen([0]), convex=True,
        window=((-5 * delta, 5 * delta),), x0=frozen([4 * delta]),
        description=describe("huber", delta=delta, curvature=c),
    )  # fmt: skip
