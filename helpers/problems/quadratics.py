"""Quadratic landscapes, f(x) = x'Qx/2 - b'x plus a constant: their curvature is the same everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.problems.problem import Problem, away, describe, frozen, registered, silent, view_around

ROUNDING = 1e-12  # an eigenvalue below this share of the largest counts as zero


@registered
def quadratic(Q: ArrayLike, b: ArrayLike | None = None) -> Problem:
    """Return f(x) = x'Qx/2 - b'x for a symmetric positive semidefinite Q (d, d), and b (d,) or 0.

    L and mu are the largest and smallest eigenvalue. The minimiser is the one of smallest norm where there are
    many, and None where f has no lower bound. Raises ValueError if Q or b do not fit.

    >>> quadratic([[2.0, 0.0], [0.0, 8.0]]).L
    8.0

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    Q, lam = arguments.with_eigenvalues("Q", Q)
    b = arguments.array("b", np.zeros(len(Q)) if b is None else b, shape=(len(Q),))
    L, mu = float(lam[-1]), float(lam[0]) if lam[0] > ROUNDING * lam[-1] else 0.0
    lowest = np.linalg.lstsq(Q, b, rcond=ROUNDING)[0]
    if mu == 0 and np.linalg.norm(Q @ lowest - b) > 1e-9 * np.linalg.norm(b):
        lowest = None  # b has a part that Q does not reach: f falls forever along it
    x0 = away(len(b)) + (0 if lowest is None else lowest)
    return from_matrix("quadratic", Q, b, L, mu, lowest, x0, describe("quadratic", Q=Q, b=b))


@registered
def quadratic_with_spectrum(
    eigenvalues: ArrayLike,
    angle: float = 0.0,
    rng: np.random.Generator | None = None,
    minimiser: ArrayLike | None = None,
    basis: ArrayLike | None = None,
) -> Problem:
    """Return f(x) = x'Qx/2 - m'Qx for Q of the given eigenvalues (d,) >= 0 and for the minimiser m (d,) or 0.

    The eigenvectors are the axes turned by `angle` (radians, in two dimensions), or drawn uniformly from
    `rng`, or the columns of the orthogonal matrix `basis` (d, d). Raises ValueError if the arguments do not
    fit each other.

    >>> valley = quadratic_with_spectrum([1.0, 25.0], angle=np.pi / 6)
    >>> valley.L, valley.mu
    (25.0, 1.0)

    Source: Stewart 1980, SIAM J. Numer. Anal. 17 (uniformly random orthogonal matrices).
    """
    lam = arguments.array("eigenvalues", eigenvalues, ndim=1)
    d = len(lam)
    if lam.min() < 0:
        raise ValueError(f"eigenvalues must be >= 0, got {lam.min():g}")
    angle = arguments.number("angle", angle)
    if (angle != 0) + (rng is not None) + (basis is not None) > 1:
        raise ValueError("the eigenvectors must come from one of angle, rng and basis, got more than one")
    if angle != 0 and d != 2:
        raise ValueError(f"angle must be 0 unless there are two eigenvalues, got {angle:g} for {d}")
    if rng is not None:
        basis, R = np.linalg.qr(rng.standard_normal((d, d)))
        basis = basis * np.sign(np.diag(R))  # without the signs some orthogonal matrices are more likely
    if basis is not None:
        V = basis = arguments.array("basis", basis, shape=(d, d))
        if np.max(np.abs(V.T @ V - np.eye(d))) > 1e-10:
            raise ValueError(f"basis must be an orthogonal matrix, got {V.tolist()}")
    else:
        V = turned(angle) if angle != 0 else np.eye(d)
    centre = arguments.array("minimiser", np.zeros(d) if minimiser is None else minimiser, shape=(d,))
    Q = (V * lam) @ V.T
    Q = frozen((Q + Q.T) / 2)  # symmetric to the last bit
    description = describe(
        "quadratic_with_spectrum", eigenvalues=lam, angle=angle, minimiser=centre, basis=basis
    )
    L, mu = float(lam.max()), float(lam.min())
    x0 = centre + V @ away(d)
    return from_matrix("quadratic", Q, frozen(centre @ Q), L, mu, centre, x0, description)


def turned(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@registered
def cost_surface() -> Problem:
    """Return C(x, y) = 2(x - 3)^2 + (y + 1)^2 + 2xy, the worked example of the course, lowest at (7, -8).

    >>> cost_surface().grad(np.array([1.0, 1.0]))
    array([-6.,  6.])

    Source: the course's own example, for the method of Cauchy 1847, Comptes rendus 25.
    """
    H = frozen([[4, 2], [2, 2]])

    @silent
    def f(point):
        x, y = np.moveaxis(np.asarray(point, dtype=float), -1, 0)
        return 2 * (x - 3) ** 2 + (y + 1) ** 2 + 2 * x * y

    @silent
    def grad(point):
        x, y = np.moveaxis(np.asarray(point, dtype=float), -1, 0)
        return np.stack([4 * (x - 3) + 2 * y, 2 * (y + 1) + 2 * x], axis=-1)

    def hess(point):
        return np.broadcast_to(H, (*np.shape(point)[:-1], 2, 2))

    return Problem(
        name="cost surface", f=f, grad=grad, hess=hess, dim=2,
        L=float(3 + np.sqrt(5)), mu=float(3 - np.sqrt(5)), minimiser=frozen([7, -8]), convex=True,
        window=((-1.0, 13.0), (-14.0, 4.0)), x0=frozen([1, 1]), description=describe("cost_surface"),
    )  # fmt: skip


@registered
def parabola(curvature: float = 1.0) -> Problem:
    """Return f(x) = curvature x^2 / 2 in one dimension, so that L = mu = curvature > 0.

    Raises ValueError if the curvature is not positive.

    >>> parabola(2.0).hess(np.array([5.0]))
    array([[2.]])

    Source: Cauchy 1847, Comptes rendus 25 (the simplest case of his method).
    """
    curvature = arguments.number("curvature", curvature, low=0, open_low=True)
    Q, zero = frozen([[curvature]]), frozen([0])
    description = describe("parabola", curvature=curvature)
    return from_matrix("parabola", Q, zero, curvature, curvature, zero, np.array([2.0]), description)


def from_matrix(name, Q, b, L, mu, minimiser, x0, description):
    @silent
    def f(x):
        x = np.asarray(x, dtype=float)
        return np.sum(x * (x @ Q), axis=-1) / 2 - x @ b

    @silent
    def grad(x):
        return np.asarray(x, dtype=float) @ Q - b  # Q is symmetric: the rows of x @ Q are Qx

    def hess(x):
        return np.broadcast_to(Q, (*np.shape(x)[:-1], *Q.shape))

    centre = x0 if minimiser is None else minimiser
    return Problem(
        name=name, f=f, grad=grad, hess=hess, dim=len(b), L=L, mu=mu, convex=True, x0=frozen(x0),
        minimiser=None if minimiser is None else frozen(minimiser),
        window=view_around(centre, centre + 3 if minimiser is None else x0), description=description,
    )  # fmt: skip
