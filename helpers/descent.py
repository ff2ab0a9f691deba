"""Gradient descent with constant and with backtracking steps, and what a quadratic model predicts of a step.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments


def gradient_step(grad: Callable, x: ArrayLike, alpha: ArrayLike) -> np.ndarray:
    """Return x - alpha grad(x), one step of steepest descent, as a new array.

    x (..., d) and alpha (...) broadcast: a run per point and per step size. Raises ValueError if alpha is
    negative or not finite, or if the shapes of x, alpha and grad(x) do not fit.

    >>> gradient_step(lambda x: 2 * x, [1, 3], 0.25)
    array([0.5, 1.5])

    Source: Cauchy 1847, Comptes rendus 25.
    """
    (x,), alpha = new_path(x, alpha, 0, names=("x", "alpha"))
    with np.errstate(over="ignore", invalid="ignore"):
        g = np.asarray(grad(x))
        if g.shape != x.shape:
            raise ValueError(f"grad(x) must have the shape of x, {x.shape}, got {g.shape}")
        return x - alpha * g


def gradient_descent(grad: Callable, x0: ArrayLike, alpha: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha grad(x[k]) from x[0] = x0, of shape (n_steps + 1, ..., d).

    x0 (..., d) and alpha (...) broadcast: a run per start and per step size. A diverging run keeps its shape,
    with inf and nan in it. Raises ValueError if alpha is negative or not finite, if n_steps is not a whole
    number >= 0, or if the shapes do not fit.

    >>> gradient_descent(lambda x: 2 * x, [1.0, 2.0], 0.25, 2)
    array([[1.  , 2.  ],
           [0.5 , 1.  ],
           [0.25, 0.5 ]])

    Source: Cauchy 1847, Comptes rendus 25; Polyak 1987, Introduction to Optimization, section 1.4.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run goes on, to inf and nan
        for k in range(n_steps):
            x[k + 1] = x[k] - alpha * grad(x[k])
    return x


def new_path(
    x0: ArrayLike, alpha: ArrayLike, n_steps: int, names: tuple[str, str] = ("x0", "alpha")
) -> tuple[np.ndarray, np.ndarray]:
    """Return a path with x[0] = x0 and room for n_steps more, and alpha in a shape to multiply gradients with.

    The path has shape (n_steps + 1, ..., d), with a run for each point of x0 (..., d) and each alpha (...),
    broadcast. Raises ValueError as `gradient_descent` does, calling x0 and alpha by `names`.

    >>> x, alpha = new_path([1, 2], [0.1, 0.2, 0.3], 10)
    >>> x.shape, alpha.shape
    ((11, 3, 2), (3, 2))
    """
    x0, alpha = arguments.points(names[0], x0), arguments.step_sizes(names[1], alpha)
    runs = arguments.runs(dict(zip(names, (x0.shape[:-1], alpha.shape), strict=True)))
    x = np.empty((arguments.whole_number("n_steps", n_steps) + 1, *runs, x0.shape[-1]))
    x[0] = x0
    if alpha.ndim:  # written out for every coordinate once, it need not be broadcast at every step
        alpha = np.array(np.broadcast_to(alpha[..., None], x[0].shape))
    return x, alpha


def predicted_change(g: ArrayLike, H: ArrayLike, alpha: ArrayLike) -> float | np.ndarray:
    """Return -alpha |g|^2 + alpha^2 g'Hg / 2, the change of a quadratic model along a gradient step.

    g (..., d), H (..., d, d) and alpha (...) broadcast; the result has shape (...). It is exact for a
    quadratic, and of second order otherwise. Raises ValueError if alpha is negative or not finite, or if the
    shapes do not fit.

    >>> float(predicted_change([2.0, 0.0], [[4.0, 0.0], [0.0, 1.0]], 0.5))
    0.0

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    alpha = arguments.step_sizes("alpha", alpha)
    g, H = _fitting(g, H, alpha)
    with np.errstate(over="ignore", invalid="ignore"):
        return -alpha * np.sum(g * g, axis=-1) + alpha**2 * _bend(g, H) / 2


def critical_step(g: ArrayLike, H: ArrayLike) -> float | np.ndarray:
    """Return 2 g'g / g'Hg, the largest step for which the quadratic model predicts no increase.

    g (..., d) and H (..., d, d) broadcast; the result has shape (...), and is inf where g'Hg <= 0 or g = 0.
    Raises ValueError if the shapes do not fit.

    >>> float(critical_step([2.0, 0.0], [[4.0, 0.0], [0.0, 1.0]]))
    0.5

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    g, H = _fitting(g, H)
    size = np.max(np.abs(g), axis=-1, keepdims=True)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        u = np.where(size > 0, g / size, g)  # the length of g cancels: keep it from overflowing when squared
        bend = _bend(u, H)
        return np.where(bend <= 0, np.inf, 2 * np.sum(u * u, axis=-1) / bend)[()]


def _bend(g, H):
    return np.einsum("...i,...ij,...j->...", g, H, g)


def _fitting(g, H, alpha=None):
    g, H = arguments.points("g", g), arguments.points("H", H)
    d = g.shape[-1]
    if H.shape[-2:] != (d, d):
        raise ValueError(f"H must have shape (..., {d}, {d}) to fit g, got shape {H.shape}")
    arguments.runs({"g": g.shape[:-1], "H": H.shape[:-2], "alpha": np.shape(alpha)})
    return g, H


def step_regime(alpha: float, curvature: float) -> str:
    """Return what steps of size alpha do on a parabola, where each multiplies x by 1 - alpha curvature.

    "crawls" below 1/(10 curvature), "monotone" up to and without 1/curvature, "one-step" at it, "oscillates"
    up to and without 2/curvature, "cycles" at it, "diverges" beyond. Raises ValueError unless both are > 0.

    >>> [step_regime(alpha, 2.0) for alpha in (0.01, 0.25, 0.5, 0.75, 1.0, 1.25)]
    ['crawls', 'monotone', 'one-step', 'oscillates', 'cycles', 'diverges']

    Source: Polyak 1987, Introduction to Optimization, section 1.4 (the names are the course's).
    """
    alpha = arguments.number("alpha", alpha, low=0, open_low=True)
    curvature = arguments.number("curvature", curvature, low=0, open_low=True)
    if alpha < 1 / (10 * curvature):
        return "crawls"
    if alpha < 1 / curvature:
        return "monotone"
    if alpha == 1 / curvature:
        return "one-step"
    if alpha < 2 / curvature:
        return "oscillates"
    return "cycles" if alpha == 2 / curvature else "diverges"


def limit_of_descent(
    grad: Callable, x0: ArrayLike, alpha: ArrayLike, n_steps: int, tol: float
) -> int | np.ndarray:
    """Return the first k of 0, ..., n_steps with |grad(x[k])| < tol on the path of gradient descent, or -1.

    x0 (..., d) and alpha (...) broadcast; one run gives an int, more give an array of them, shape (...). A run
    that ends in inf or nan has not converged. Raises ValueError as `gradient_descent` does, or if tol is
    negative or not finite.

    >>> limit_of_descent(lambda x: x, [8.0], 0.5, 10, 1.5)
    3

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    tol = arguments.number("tol", tol, low=0)
    x = gradient_descent(grad, x0, alpha, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        flat = np.linalg.norm(grad(x), axis=-1) < tol  # nan is not below anything
    first = np.where(flat.any(axis=0), flat.argmax(axis=0), -1)
    return first if first.ndim else int(first)


def backtracking_step(
    f: Callable, grad: Callable, x: ArrayLike, alpha0: ArrayLike, c: float, shrink: float
) -> float | np.ndarray:
    """Return the first alpha of alpha0 shrink^j with f(x - alpha g) <= f(x) - c alpha |g|^2, j = 0, 1, ...

    x (..., d) and alpha0 (...) broadcast; the result has shape (...). At a minimiser it is alpha0. nan never
    satisfies the inequality; where nothing does, the result is 0. Raises ValueError if alpha0 is negative or
    not finite, if c or shrink is not between 0 and 1, or if the shapes do not fit.

    >>> float(backtracking_step(lambda x: x[..., 0] ** 2, lambda x: 2 * x, [1.0], 1.0, 0.5, 0.5))
    0.5

    Source: Armijo 1966, Pacific J. Math. 16.
    """
    c, shrink = _inner(c=c, shrink=shrink)
    (x,), _ = new_path(x, alpha0, 0, names=("x", "alpha0"))
    alpha = np.broadcast_to(np.asarray(alpha0, dtype=float), x.shape[:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        return _shrunk(f, x, grad(x), alpha, c, shrink)[()]


def _inner(**shares):
    return (
        arguments.number(name, value, 0, 1, open_low=True, open_high=True) for name, value in shares.items()
    )


def _shrunk(f, x, g, alpha, c, shrink):
    """Return what `backtracking_step` returns, for the gradient g at x, with nothing checked."""
    here, descent = f(x), c * np.sum(g * g, axis=-1)
    while True:
        enough = f(x - alpha[..., None] * g) <= here - alpha * descent
        if np.all(enough | (alpha == 0)):
            return alpha
        alpha = np.where(enough, alpha, shrink * alpha)


def backtracking_descent(
    f: Callable, grad: Callable, x0: ArrayLike, alpha0: ArrayLike, c: float, shrink: float, n_steps: int
) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha grad(x[k]) whose every alpha is found by backtracking from alpha0.

    x0 (..., d) and alpha0 (...) broadcast; the path has shape (n_steps + 1, ..., d). Raises ValueError as
    `backtracking_step` and `gradient_descent` do.

    >>> backtracking_descent(lambda x: x[..., 0] ** 2, lambda x: 2 * x, [1.0], 1.0, 0.5, 0.5, 1)
    array([[1.],
           [0.]])

    Source: Armijo 1966, Pacific J. Math. 16; Nocedal and Wright 2006, Numerical Optimization, algorithm 3.1.
    """
    c, shrink = _inner(c=c, shrink=shrink)
    x, _ = new_path(x0, alpha0, n_steps, names=("x0", "alpha0"))
    alpha0 = np.broadcast_to(np.asarray(alpha0, dtype=float), x.shape[1:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            g = grad(x[k])
            x[k + 1] = x[k] - _shrunk(f, x[k], g, alpha0, c, shrink)[..., None] * g
    return x
