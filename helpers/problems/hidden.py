"""Landscapes that a method meets unprepared: a kink across every residual, a saddle between two equal wells."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.problems.problem import Problem, away, describe, frozen, registered, silent, view_around


@registered
def absolute_residuals(A: ArrayLike, minimiser: ArrayLike) -> Problem:
    """Return f(x) = mean_i |a_i'(x - m)| for the rows a_i of A (n, d) and the minimiser m (d,); f(m) = 0.

    Convex, with a kink on every plane a_i'x = a_i'm: no L. grad is A' sign(A(x - m))/n, a subgradient on the
    kinks; the Hessian is 0 beside them. Raises ValueError if A and m do not fit, or if the columns of A are
    linearly dependent, so that there would be more than one minimiser.

    >>> absolute_residuals([[2.0], [-4.0]], [1.0]).grad(np.array([[3.0], [1.0], [0.5]])).tolist()
    [[3.0], [0.0], [-3.0]]

    Source: Boscovich 1757 (least absolute deviations); Shor 1985, Minimization Methods for Non-Differentiable
    Functions.
    """
    A = arguments.array("A", A, ndim=2)
    centre = arguments.array("minimiser", minimiser, shape=(A.shape[1],))
    n, d = A.shape
    if np.linalg.matrix_rank(A) < d:
        raise ValueError(f"A must have {d} linearly independent columns, got rank {np.linalg.matrix_rank(A)}")

    @silent
    def f(x):
        return np.mean(np.abs((np.asarray(x, dtype=float) - centre) @ A.T), axis=-1)

    @silent
    def grad(x):
        return np.sign((np.asarray(x, dtype=float) - centre) @ A.T) @ A / n

    def hess(x):
        return np.zeros((*np.shape(x), d))

    x0 = centre + away(d)
    return Problem(
        name="absolute residuals", f=f, grad=grad, hess=hess, dim=d, L=None, mu=0.0, minimiser=frozen(centre),
        convex=True, window=view_around(centre, x0), x0=frozen(x0),
        description=describe("absolute_residuals", A=A, minimiser=centre),
    )  # fmt: skip


@registered
def two_wells(
    depth: float = 1.0,
    width: float = 1.0,
    eigenvalues: ArrayLike = (2.0,),
    basis: ArrayLike | None = None,
    saddle: ArrayLike | None = None,
) -> Problem:
    """Return f = depth width^2 ((z_1/width)^2 - 1)^2/4 + sum_i lam_i z_(i+1)^2/2 of z = basis'(x - saddle).

    Two wells of the same height 0 at z = (-width, 0, ...) and (width, 0, ...), a saddle between them at height
    depth width^2/4, where the curvature is -depth along the first column of the orthogonal `basis` (d, d) and
    `eigenvalues` (d - 1,) along the others. L is None, for the curvature grows like z_1^2. Raises ValueError if
    a number is not > 0 or the shapes do not fit.

    >>> wells = two_wells(depth=2.0, eigenvalues=[4.0])
    >>> wells.grad(np.array([[0.0, 0.0], [0.5, 1.0], [1.0, 0.0]])).tolist()
    [[0.0, 0.0], [-0.75, 4.0], [0.0, 0.0]]

    Source: Duffing 1918, Erzwungene Schwingungen bei veränderlicher Eigenfrequenz (the quartic potential).
    """
    depth = arguments.number("depth", depth, low=0, open_low=True)
    width = arguments.number("width", width, low=0, open_low=True)
    lam = arguments.array("eigenvalues", eigenvalues, ndim=1)
    if lam.min() <= 0:
        raise ValueError(f"eigenvalues must be > 0, got {lam.min():g}")
    d = len(lam) + 1
    V = arguments.array("basis", np.eye(d) if basis is None else basis, shape=(d, d))
    if np.max(np.abs(V.T @ V - np.eye(d))) > 1e-10:
        raise ValueError(f"basis must be an orthogonal matrix, got {V.tolist()}")
    centre = arguments.array("saddle", np.zeros(d) if saddle is None else saddle, shape=(d,))

    def turned(x):
        z = (np.asarray(x, dtype=float) - centre) @ V
        return z[..., 0] / width, z

    @silent
    def f(x):
        s, z = turned(x)
        return depth * width**2 * (s**2 - 1) ** 2 / 4 + np.sum(lam * z[..., 1:] ** 2, axis=-1) / 2

    @silent
    def grad(x):
        s, z = turned(x)
        slopes = np.concatenate([(depth * (s**2 - 1) * z[..., 0])[..., None], lam * z[..., 1:]], axis=-1)
        return slopes @ V.T

    @silent
    def hess(x):
        s, z = turned(x)
        across = depth * (3 * s**2 - 1)
        curvatures = np.concatenate([across[..., None], lam + 0 * z[..., 1:]], axis=-1)
        return (V * curvatures[..., None, :]) @ V.T

    well = centre + width * V[:, 0]
    x0 = centre + V @ np.array([0.05 * width, *[1.5] * (d - 1)])
    return Problem(
        name="two wells", f=f, grad=grad, hess=hess, dim=d, L=None, mu=None, minimiser=frozen(well), convex=False,
        window=view_around(centre, x0 + width), x0=frozen(x0),
        description=describe("two_wells", depth=depth, width=width, eigenvalues=lam, basis=V, saddle=centre),
    )  # fmt: skip
