"""How fast a gradient can change: the constant L, where it comes from, and what to do where there is none.

f is L-smooth where |grad(x) - grad(y)| <= L |x - y| for all x and y. Paths have shape (n_steps + 1, ..., d):
steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path
from helpers.problems import residual_norm


def quadratic_smoothness(Q: ArrayLike) -> float:
    """Return L = lambda_max(Q), the smoothness constant of f(x) = x'Qx/2 - b'x.

    Q (d, d) is symmetric positive semidefinite. Raises ValueError if it is not, or not finite.

    >>> quadratic_smoothness([[2.0, 0.0], [0.0, 8.0]])
    8.0

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    lam = np.linalg.eigvalsh(arguments.semidefinite("Q", Q))
    return float(lam[-1])


def logistic_loss(w: ArrayLike, X: ArrayLike, y: ArrayLike) -> float | np.ndarray:
    """Return mean_i log(1 + exp(-y_i x_i'w)), the logistic loss of w (..., d), of shape (...).

    X (n, d) holds the examples, y (n,) their labels +1 and -1. Margins of any size are safe. Raises ValueError if
    the data or w do not fit.

    >>> float(logistic_loss([0.0], [[1.0], [3.0]], [1, -1]).round(4))
    0.6931

    Source: Cox 1958, J. R. Statist. Soc. B 20. With labels 0 and 1 the same loss reads mean log(1 + e^s) - y s.
    """
    w, X, y = _fitting(w, X, y)
    with np.errstate(over="ignore", invalid="ignore"):
        margins = y * (w @ X.T)
        return np.mean(np.logaddexp(0, -margins), axis=-1)


def logistic_gradient(w: ArrayLike, X: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return -mean_i y_i x_i / (1 + exp(y_i x_i'w)), the gradient of the logistic loss, of the shape of w.

    w (..., d), X (n, d), y (n,) of +1 and -1, as in `logistic_loss`. Raises ValueError if they do not fit.

    >>> logistic_gradient([0.0], [[1.0], [3.0]], [1, -1])
    array([0.5])

    Source: Cox 1958, J. R. Statist. Soc. B 20.
    """
    w, X, y = _fitting(w, X, y)
    with np.errstate(over="ignore", invalid="ignore"):  # exp may be inf: the weight of that example is then 0
        margins = y * (w @ X.T)
        wrong = 1 / (1 + np.exp(margins))  # the probability that the model gives to the wrong label
    return -(y * wrong) @ X / len(X)


def logistic_smoothness(X: ArrayLike) -> float:
    """Return L = lambda_max(X'X)/(4n) for the logistic loss on X (n, d); it is attained at w = 0.

    The Hessian is X'DX/n with entries p(1 - p) <= 1/4 in the diagonal D. Raises ValueError if X is no table of
    finite numbers.

    >>> logistic_smoothness([[2.0], [-2.0]])
    1.0

    Source: Böhning 1992, Ann. Inst. Statist. Math. 44.
    """
    X = arguments.array("X", X, ndim=2)
    return float(np.linalg.eigvalsh(X.T @ X)[-1] / (4 * len(X)))


def gradient_ratios(grad: Callable, points: ArrayLike) -> np.ndarray:
    """Return |grad(x) - grad(y)| / |x - y| for all pairs of the points (n, d) that differ, of shape (pairs,).

    Raises ValueError if points is not a table of finite numbers with two different rows.

    >>> gradient_ratios(lambda x: 2 * x, [[0.0], [1.0], [5.0]])
    array([2., 2., 2.])

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    x = arguments.array("points", points, ndim=2)
    i, j = np.triu_indices(len(x), k=1)
    distance = np.linalg.norm(x[i] - x[j], axis=-1)
    apart = distance > 0
    if not apart.any():
        raise ValueError(f"points must hold two different rows, got {x.tolist()}")
    g = grad(x)
    return np.linalg.norm(g[i] - g[j], axis=-1)[apart] / distance[apart]


def empirical_smoothness(grad: Callable, points: ArrayLike) -> float:
    """Return the largest |grad(x) - grad(y)| / |x - y| over all pairs of the points (n, d): at most L.

    Pairs of equal points are left out. Raises ValueError as `gradient_ratios` does.

    >>> empirical_smoothness(lambda x: x**3, [[0.0], [1.0], [2.0]])
    7.0

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    return float(gradient_ratios(grad, points).max())


def majorizer(f: Callable, grad: Callable, x: ArrayLike, L: ArrayLike, y: ArrayLike) -> float | np.ndarray:
    """Return f(x) + grad(x)'(y - x) + L |y - x|^2 / 2, which touches f at x and lies above it if f is L-smooth.

    Its minimiser is x - grad(x)/L. x (..., d), y (..., d) and L (...) broadcast; the result has shape (...).
    Raises ValueError if L is negative or not finite, or if the shapes do not fit.

    >>> float(majorizer(lambda x: x[..., 0] ** 2, lambda x: 2 * x, [1.0], 2.0, [3.0]))
    9.0

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, lemma 1.2.3.
    """
    x, y, L = arguments.points("x", x), arguments.points("y", y), arguments.step_sizes("L", L)
    arguments.runs({"x": x.shape[:-1], "y": y.shape[:-1], "L": L.shape})
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(f"y must have {x.shape[-1]} coordinates as x has, got shape {y.shape}")
    p = y - x
    return f(x) + np.sum(grad(x) * p, axis=-1) + L * np.sum(p * p, axis=-1) / 2


def subgradient_descent(
    A: ArrayLike, b: ArrayLike, x0: ArrayLike, alpha0: ArrayLike, n_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the path x[k + 1] = x[k] - alpha0/sqrt(k + 1) g[k] on |Ax - b|, and its point with the lowest value.

    g = A'(Ax - b)/|Ax - b|, and 0 where Ax = b. A (m, d), b (m,); x0 (..., d) and alpha0 (...) broadcast. The
    path has shape (n_steps + 1, ..., d), the best point (..., d). Raises ValueError if A is zero, if alpha0 is
    negative or not finite, if n_steps is not a whole number >= 0, or if the shapes do not fit.

    >>> path, best = subgradient_descent([[1.0]], [0.0], [0.5], 1.0, 2)
    >>> path.round(4).tolist(), best.round(4).tolist()
    ([[0.5], [-0.5], [0.2071]], [0.2071])

    Source: Shor 1985, Minimization Methods for Non-Differentiable Functions, chapter 2.
    """
    cone = residual_norm(A, b)
    x, alpha = new_path(x0, alpha0, n_steps, names=("x0", "alpha0"))
    if x.shape[-1] != cone.dim:
        raise ValueError(f"x0 must have shape (..., {cone.dim}) to fit A, got shape {np.shape(x0)}")
    for k in range(n_steps):
        x[k + 1] = x[k] - alpha / np.sqrt(k + 1) * cone.grad(x[k])
    lowest = np.argmin(cone.f(x), axis=0)
    return x, np.take_along_axis(x, lowest[None, ..., None], axis=0)[0]


def two_cycle_amplitude(alpha: ArrayLike) -> float | np.ndarray:
    """Return (2 alpha/3)^(3/2), the distance from 0 at which gradient descent on |x|^(4/3) jumps to and fro.

    alpha (...) gives shape (...). Every start ends there, but for the few whose path meets 0 exactly. Raises
    ValueError if alpha is negative or not finite.

    >>> float(two_cycle_amplitude(1.5))
    1.0

    Source: derived in the lesson: x - alpha (4/3) x^(1/3) = -x.
    """
    return (2 * arguments.step_sizes("alpha", alpha) / 3) ** 1.5


def _fitting(w, X, y):
    w, X = arguments.points("w", w), arguments.array("X", X, ndim=2)
    y = arguments.array("y", y, shape=(len(X),))
    if not np.isin(y, (-1, 1)).all():
        raise ValueError(f"y must hold the labels +1 and -1, got {y[~np.isin(y, (-1, 1))][0]:g} in it")
    if w.shape[-1] != X.shape[1]:
        raise ValueError(f"w must have shape (..., {X.shape[1]}) to fit X, got shape {w.shape}")
    return w, X, y
