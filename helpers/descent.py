"""Gradient descent with constant and with backtracking steps, and what a quadratic model predicts of a step.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers import arguments


def gradient_step(grad: Callable, x, alpha) -> np.ndarray:
    """Return x - alpha grad(x), one step of steepest descent.

    x (..., d) and alpha (...) broadcast: a run per point and per step size. Raises ValueError if alpha is
    negative or not finite, or if grad(x) has another shape than x.

    >>> gradient_step(lambda x: 2 * x, [1, 3], 0.25)
    array([0.5, 1.5])

    Source: Cauchy 1847, Comptes rendus 25.
    """
    x, alpha = new_path(x, alpha, 0)
    g = np.asarray(grad(x[0]))
    if g.shape != x[0].shape:
        raise ValueError(f"grad(x) must have the shape of x, {x[0].shape}, got {g.shape}")
    with np.errstate(over="ignore", invalid="ignore"):
        return x[0] - alpha * g


def gradient_descent(grad: Callable, x0, alpha, n_steps: int) -> np.ndarray:
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


def new_path(x0, alpha, n_steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return an empty path with x[0] = x0, shape (n_steps + 1, ..., d), and alpha to multiply gradients with.

    The runs are what x0 (..., d) and alpha (...) broadcast to. Raises ValueError as `gradient_descent` does.

    >>> x, alpha = new_path([1, 2], [0.1, 0.2, 0.3], 10)
    >>> x.shape, alpha.shape
    ((11, 3, 2), (3, 2))

    Source: the NumPy rules of broadcasting, Harris et al. 2020, Nature 585.
    """
    x0, alpha = arguments.point("x0", x0), arguments.step_sizes("alpha", alpha)
    n_steps = arguments.whole_number("n_steps", n_steps)
    try:
        runs = np.broadcast_shapes(x0.shape[:-1], alpha.shape)
    except ValueError:
        raise ValueError(
            f"alpha must have a shape that broadcasts with the runs of x0, {x0.shape[:-1]}, got {alpha.shape}"
        ) from None
    x = np.empty((n_steps + 1, *runs, x0.shape[-1]))
    x[0] = x0
    if alpha.ndim:  # one step size per coordinate: three times as fast as broadcasting at each step
        alpha = np.array(np.broadcast_to(alpha[..., None], x[0].shape))
    return x, alpha


def predicted_change(g, H, alpha):
    """Return -alpha |g|^2 + alpha^2 g'Hg / 2, the change of a quadratic model along a gradient step.

    g (..., d), H (..., d, d) and alpha (...) broadcast; the result has shape (...). It is exact for a quadratic
    and second-order accurate otherwise. Raises ValueError if alpha is negative or not finite, or if the shapes
    do not fit.

    >>> float(predicted_change([2.0, 0.0], [[4.0, 0.0], [0.0, 1.0]], 0.5))
    0.0

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    alpha = arguments.step_sizes("alpha", alpha)
    g, H = model("g", g, "H", H)
    with np.errstate(over="ignore", invalid="ignore"):
        return -alpha * np.sum(g * g, axis=-1) + alpha**2 * curvature_along(g, H) / 2


def critical_step(g, H):
    """Return 2 g'g / g'Hg, the largest step for which the quadratic model predicts no increase.

    g (..., d) and H (..., d, d) broadcast; the result has shape (...), and is inf where g'Hg <= 0 or g = 0.
    Raises ValueError if the shapes do not fit.

    >>> float(critical_step([2.0, 0.0], [[4.0, 0.0], [0.0, 1.0]]))
    0.5

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    g, H = model("g", g, "H", H)
    size = np.max(np.abs(g), axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        u = g / np.where(size > 0, size, 1)  # only the direction counts: neither overflow nor underflow
        bend = curvature_along(u, H)
        return np.where((bend <= 0) | (size[..., 0] == 0), np.inf, 2 * np.sum(u * u, axis=-1) / bend)[()]


def curvature_along(g, H):
    return np.einsum("...i,...ij,...j->...", g, H, g)


def model(g_name, g, H_name, H):
    g, H = arguments.point(g_name, g), np.asarray(H, dtype=float)
    if H.shape[-2:] != (g.shape[-1],) * 2:
        raise ValueError(
            f"{H_name} must have shape (..., {g.shape[-1]}, {g.shape[-1]}) to fit {g_name}, got {H.shape}"
        )
    return g, H


def step_regime(alpha: float, curvature: float) -> str:
    """Return what steps of size alpha do on a parabola: each multiplies the distance by 1 - alpha curvature.

    "crawls" below 1/(10 curvature), "monotone" up to and without 1/curvature, "one-step" at it, "oscillates" up
    to and without 2/curvature, "cycles" at it, "diverges" beyond. Raises ValueError unless both are > 0.

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


def limit_of_descent(grad: Callable, x0, alpha, n_steps: int, tol: float):
    """Return the first k in 0..n_steps with |grad(x[k])| < tol on the path of gradient descent, or -1.

    x0 (..., d) and alpha (...) broadcast; one run gives an int, more give an array of them, shape (...). A run
    that ends in inf or nan has not converged. Raises ValueError as `gradient_descent` does, or if tol is
    negative or not finite.

    >>> limit_of_descent(lambda x: x, [8.0], 0.5, 10, 1.0)
    4

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    tol = arguments.number("tol", tol, low=0)
    x = gradient_descent(grad, x0, alpha, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        flat = np.linalg.norm(grad(x), axis=-1) < tol  # nan is not below anything
    first = np.where(flat.any(axis=0), flat.argmax(axis=0), -1)
    return first if first.ndim else int(first)


def backtracking_step(f: Callable, grad: Callable, x, alpha0, c: float, shrink: float):
    """Return the first of alpha0, alpha0 shrink, alpha0 shrink^2, ... with f(x - alpha g) <= f(x) - c alpha |g|^2.

    x (..., d) and alpha0 (...) broadcast; the result has shape (...). At a minimiser it is alpha0. nan never
    satisfies the inequality; where nothing does, the result is 0. Raises ValueError if alpha0 is negative or
    not finite, if c or shrink is not between 0 and 1, or if the shapes do not fit.

    >>> float(backtracking_step(lambda x: x[..., 0] ** 2, lambda x: 2 * x, [1.0], 1.0, 0.5, 0.5))
    0.5

    Source: Armijo 1966, Pacific J. Math. 16.
    """
    c = arguments.number("c", c, 0, 1, open_low=True, open_high=True)
    shrink = arguments.number("shrink", shrink, 0, 1, open_low=True, open_high=True)
    x, _ = new_path(x, alpha0, 0)
    x = x[0]
    with np.errstate(over="ignore", invalid="ignore"):
        g = grad(x)
        slope = np.sum(g * g, axis=-1)
        alpha = np.array(np.broadcast_to(np.asarray(alpha0, dtype=float), slope.shape))
        while True:
            armijo = f(x - alpha[..., None] * g) <= f(x) - c * alpha * slope
            if np.all(armijo | (alpha == 0)):
                return alpha[()]
            alpha = np.where(armijo, alpha, shrink * alpha)


def backtracking_descent(
    f: Callable, grad: Callable, x0, alpha0, c: float, shrink: float, n_steps: int
) -> np.ndarray:
    """Return the path of gradient descent whose every step is found by backtracking from alpha0.

    x0 (..., d) and alpha0 (...) broadcast; the path has shape (n_steps + 1, ..., d). Raises ValueError as
    `backtracking_step` and `gradient_descent` do.

    >>> backtracking_descent(lambda x: x[..., 0] ** 2, lambda x: 2 * x, [1.0], 1.0, 0.5, 0.5, 1)
    array([[1.],
           [0.]])

    Source: Armijo 1966, Pacific J. Math. 16; Nocedal and Wright 2006, algorithm 3.1.
    """
    x, _ = new_path(x0, alpha0, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            alpha = backtracking_step(f, grad, x[k], alpha0, c, shrink)
            x[k + 1] = x[k] - alpha[..., None] * grad(x[k])
    return x
