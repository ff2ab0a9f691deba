"""Landscapes with more than one valley, or with one that bends."""

from __future__ import annotations

import numpy as np

from helpers import arguments
from helpers.problems.problem import Problem, describe, frozen, newton, registered, silent


@registered
def wavy(curvature: float = 0.2, amplitude: float = 1.0, frequency: float = 2.0) -> Problem:
    """Return f(x) = curvature x^2/2 + amplitude sin(frequency x) in one dimension: a bowl with ripples.

    f'' lies within curvature -+ amplitude frequency^2: L is the upper end, and f is convex only if the lower
    end is not negative. Raises ValueError if curvature or frequency is not > 0 or amplitude is not >= 0.

    >>> wavy(curvature=0.5, amplitude=1.0, frequency=2.0).L
    4.5

    Source: a cousin in one dimension of Rastrigin's function, 1974.
    """
    c = arguments.number("curvature", curvature, low=0, open_low=True)
    a = arguments.number("amplitude", amplitude, low=0)
    w = arguments.number("frequency", frequency, low=0, open_low=True)

    @silent
    def f(x):
        x = np.asarray(x, dtype=float)[..., 0]
        return c * x**2 / 2 + a * np.sin(w * x)

    @silent
    def grad(x):
        x = np.asarray(x, dtype=float)
        return c * x + a * w * np.cos(w * x)

    @silent
    def hess(x):
        x = np.asarray(x, dtype=float)[..., None]
        return c - a * w**2 * np.sin(w * x)

    # The global minimum lies between the sine's own one at -pi/(2w) and 0, where f' rises: any other point has
    # a mirror image in there with the same sine and a smaller x^2.
    lowest = newton(grad, hess, np.array([-np.pi / (2 * w)]))
    convex = c >= a * w**2
    half = 6 * np.pi / (2 * w) if convex else 1.2 * a * w / c  # beyond a w/c there are no more minima
    return Problem(
        name="wavy", f=f, grad=grad, hess=hess, dim=1, L=c + a * w**2, mu=c - a * w**2 if convex else None,
        minimiser=lowest, convex=convex, window=((-half, half),), x0=frozen([0.7 * half]),
        description=describe("wavy", curvature=c, amplitude=a, frequency=w),
    )  # fmt: skip


@registered
def rosenbrock(a: float = 1.0, b: float = 100.0) -> Problem:
    """Return f(x, y) = (a - x)^2 + b (y - x^2)^2, a curved valley lowest at (a, a^2); it has no L.

    Raises ValueError if a is not finite or b is not > 0.

    >>> rosenbrock().f(np.array([1.0, 1.0]))
    np.float64(0.0)

    Source: Rosenbrock 1960, The Computer Journal 3.
    """
    a, b = arguments.number("a", a), arguments.number("b", b, low=0, open_low=True)

    @silent
    def f(point):
        x, y = np.moveaxis(np.asarray(point, dtype=float), -1, 0)
        return (a - x) ** 2 + b * (y - x**2) ** 2

    @silent
    def grad(point):
        point = np.asarray(point, dtype=float)
        x, y = point[..., 0], point[..., 1]
        g, above = np.empty(point.shape), y - x**2
        g[..., 0], g[..., 1] = -2 * (a - x) - 4 * b * x * above, 2 * b * above
        return g

    @silent
    def hess(point):
        x, y = np.moveaxis(np.asarray(point, dtype=float), -1, 0)
        xx, xy, yy = 2 - 4 * b * y + 12 * b * x**2, -4 * b * x, np.full_like(x, 2 * b)
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)

    return Problem(
        name="Rosenbrock", f=f, grad=grad, hess=hess, dim=2, L=None, mu=None, minimiser=frozen([a, a * a]),
        convex=False, window=((a - 3, a + 1), (a * a - 2, a * a + 2)), x0=frozen([-1.2, 1]),
        description=describe("rosenbrock", a=a, b=b),
    )  # fmt: skip
