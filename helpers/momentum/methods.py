"""Heavy ball and Nesterov, step by step: each a few lines, with the loop in sight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path


def heavy_ball_step(
    x: ArrayLike, x_previous: ArrayLike, g: ArrayLike, alpha: ArrayLike, beta: ArrayLike
) -> np.ndarray:
    """Return x - alpha g + beta (x - x_previous), one step of the heavy ball, as a new array.

    x, x_previous and the gradient g at x (..., d), alpha and beta (...) broadcast. Raises ValueError if alpha or
    beta is negative or not finite, or if the shapes do not fit. PyTorch keeps the velocity v = beta v + g and
    steps by -alpha v, which is the same for a constant alpha; the damped form weighs g by 1 - beta.

    >>> heavy_ball_step([2.0, 1.0], [3.0, 1.0], [4.0, -2.0], alpha=0.25, beta=0.5)
    array([0.5, 1.5])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    x, previous, g = (
        arguments.points(name, value) for name, value in (("x", x), ("x_previous", x_previous), ("g", g))
    )
    alpha, beta = (
        arguments.step_sizes("alpha", alpha)[..., None],
        arguments.step_sizes("beta", beta)[..., None],
    )
    shapes = {"x": x.shape, "x_previous": previous.shape, "g": g.shape}
    arguments.runs({**shapes, "alpha": alpha.shape, "beta": beta.shape})
    with np.errstate(over="ignore", invalid="ignore"):
        return x - alpha * g + beta * (x - previous)


def heavy_ball(grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha grad(x[k]) + beta (x[k] - x[k - 1]) from x[-1] = x[0] = x0.

    x0 (..., d), alpha (...) and beta (...) broadcast: a run per start, step size and momentum; the path has shape
    (n_steps + 1, ..., d). A diverging run keeps its shape, with inf and nan in it. Raises ValueError if alpha or
    beta is negative or not finite, if n_steps is not a whole number >= 0, or if the shapes do not fit.

    >>> heavy_ball(lambda x: x, [8.0], 0.5, 0.25, 2)
    array([[8.],
           [4.],
           [1.]])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    x, alpha, beta = momentum_path(x0, alpha, beta, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run goes on, to inf and nan
        for k in range(n_steps):
            last_step = x[k] - x[max(k - 1, 0)]
            x[k + 1] = x[k] - alpha * grad(x[k]) + beta * last_step
    return x


def nesterov(grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = y - alpha grad(y), y = x[k] + beta (x[k] - x[k - 1]), from x[-1] = x[0] = x0.

    The gradient is taken at the look-ahead point y; the path holds the x. Shapes and errors are those of
    `heavy_ball`. PyTorch keeps y instead of x; TensorFlow's velocity has the other sign.

    >>> nesterov(lambda x: x, [8.0], 0.5, 0.25, 2)
    array([[8. ],
           [4. ],
           [1.5]])

    Source: Nesterov 1983, Soviet Math. Dokl. 27; Nesterov 2004, Introductory Lectures on Convex Optimization.
    """
    x, alpha, beta = momentum_path(x0, alpha, beta, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            y = x[k] + beta * (x[k] - x[max(k - 1, 0)])
            x[k + 1] = y - alpha * grad(y)
    return x


def momentum_path(
    x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a path with x[0] = x0 and room for n_steps more, alpha and beta in shapes to multiply points with.

    The path has shape (n_steps + 1, ..., d), with a run for each point of x0 (..., d), each alpha (...) and each
    beta (...), broadcast. Raises ValueError as `heavy_ball` does.

    >>> x, alpha, beta = momentum_path([1, 2], 0.1, [0.0, 0.5, 0.9], 10)
    >>> x.shape, alpha.shape, beta.shape
    ((11, 3, 2), (3, 2), (3, 1))

    Source: the course's own layout of paths.
    """
    alpha, beta = arguments.step_sizes("alpha", alpha), arguments.step_sizes("beta", beta)
    settings = arguments.runs({"alpha": alpha.shape, "beta": beta.shape})
    x, alpha = new_path(x0, np.broadcast_to(alpha, settings), n_steps)
    return x, alpha, beta[..., None]
