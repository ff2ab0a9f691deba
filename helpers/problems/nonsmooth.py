"""Convex landscapes whose curvature has no bound: no step size is safe on all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.problems.problem import Problem, away, describe, frozen, registered, view_around

# Where the curvature has no bound the Hessian holds inf or nan: a result here, not an accident.
quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")


@registered
def four_thirds() -> Problem:
    """Return f(x) = |x|^(4/3) in one dimension: it has a slope everywhere, and f'' = (4/9) |x|^(-2/3) has no bound.

    The Hessian is inf at 0, the minimiser.

    >>> four_thirds().grad(np.array([8.0]))
    array([2.66666667])

    Source: the course's own example of a gradient that is Hölder but not Lipschitz continuous (Nesterov 2015,
    Math. Program. 152, treats the class).
    """

    @quiet
    def f(x):
        return np.cbrt(np.asarray(x, dtype=float)[..., 0]) ** 4

    @quiet
    def grad(x):
        return 4 / 3 * np.cbrt(np.asarray(x, dtype=float))

    @quiet
    def hess(x):
        return 4 / 9 / np.cbrt(np.asarray(x, dtype=float)[..., None]) ** 2

    return Problem(
        name="x^(4/3)", f=f, grad=grad, hess=hess, dim=1, L=None, mu=0.0, minimiser=frozen([0]), convex=True,
        window=((-1.0, 1.0),), x0=frozen([0.8]), description=describe("four_thirds"),
    )  # fmt: skip


@registered
def residual_norm(A: ArrayLike, b: ArrayLike) -> Problem:
    """Return f(x) = |Ax - b|, not squared, for A (m, d) and b (m,); grad is A'(Ax - b)/|Ax - b|, or 0 where Ax = b.

    Where some x solves Ax = b there is a kink and no L, and the Hessian is nan on it. Else
    L = lambda_max(A'A)/min|Ax - b|, attained at the minimiser, the one of smallest norm. Raises ValueError if
    A and b do not fit, or if A is zero.

    >>> residual_norm([[2.0]], [6.0]).grad(np.array([[5.0], [3.0], [1.0]])).tolist()
    [[2.0], [0.0], [-2.0]]
    >>> residual_norm([[3.0], [0.0]], [0.0, 2.0]).L
    4.5

    Source: Shor 1985, Minimization Methods for Non-Differentiable Functions, chapter 1.
    """
    A = arguments.array("A", A, ndim=2)
    b = arguments.array("b", b, shape=(len(A),))
    steepest = np.linalg.norm(A, ord=2)
    if steepest == 0:
        raise ValueError(f"A must not be zero, got {A.tolist()}")
    lowest = np.linalg.lstsq(A, b, rcond=None)[0]
    gap = np.linalg.norm(A @ lowest - b)
    kinked = bool(gap <= 1e-12 * (np.linalg.norm(b) + steepest))

    def residual(x):
        r = np.asarray(x, dtype=float) @ A.T - b
        return r, np.linalg.norm(r, axis=-1, keepdims=True)

    @quiet
    def f(x):
        return np.linalg.norm(np.asarray(x, dtype=float) @ A.T - b, axis=-1)

    @quiet
    def grad(x):
        r, size = residual(x)
        return r @ A / np.where(size == 0, 1, size)

    @quiet
    def hess(x):
        r, size = residual(x)
        g = r @ A / size
        return (A.T @ A - g[..., :, None] * g[..., None, :]) / size[..., None]

    x0 = lowest + away(A.shape[1])
    return Problem(
        name="|Ax - b|", f=f, grad=grad, hess=hess, dim=A.shape[1], mu=0.0, minimiser=frozen(lowest), convex=True,
        L=None if kinked else float(steepest**2 / gap), window=view_around(lowest, x0), x0=frozen(x0),
        description=describe("residual_norm", A=A, b=b),
    )  # fmt: skip
