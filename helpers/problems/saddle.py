"""A pass between two valleys: the gradient vanishes on it, and yet it is no minimum."""

from __future__ import annotations

import numpy as np

from helpers import arguments
from helpers.problems.problem import Problem, describe, frozen, registered, silent


@registered
def saddle(steep: float = 1.0, fall: float = 1.0, angle: float = 0.0) -> Problem:
    """Return f = steep u^2/2 + fall (v^2 - 1)^2/4, a saddle at the origin between valleys at v = 1 and v = -1.

    u and v are the coordinates along the axes turned by `angle` (radians). At the saddle the curvatures are
    steep and -fall, its height is fall/4; both valleys have height 0, and the minimiser is the one at v = 1. There is
    no L. Raises ValueError unless steep > 0 and fall > 0, all finite.

    >>> saddle().hess(np.zeros(2))
    array([[ 1.,  0.],
           [ 0., -1.]])

    Source: Strogatz 1994, Nonlinear Dynamics and Chaos, section 3.4 (the double well in v).
    """
    steep = arguments.number("steep", steep, low=0, open_low=True)
    fall = arguments.number("fall", fall, low=0, open_low=True)
    angle = arguments.number("angle", angle)
    c, s = np.cos(angle), np.sin(angle)

    axes = np.array([[c, -s], [s, c]])  # those of u and v are the columns

    @silent
    def f(point):
        uv = np.asarray(point, dtype=float) @ axes
        return steep * uv[..., 0] ** 2 / 2 + fall * (uv[..., 1] ** 2 - 1) ** 2 / 4

    @silent
    def grad(point):
        uv = np.asarray(point, dtype=float) @ axes
        uv[..., 0] *= steep
        uv[..., 1] *= fall * (uv[..., 1] ** 2 - 1)
        return uv @ axes.T

    @silent
    def hess(point):
        bend = fall * (3 * (np.asarray(point, dtype=float) @ axes)[..., 1] ** 2 - 1)
        xx, xy, yy = c * c * steep + s * s * bend, c * s * (steep - bend), s * s * steep + c * c * bend
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)

    x0 = frozen([-1.4 * c - 0.05 * s, -1.4 * s + 0.05 * c])
    return Problem(
        name="saddle", f=f, grad=grad, hess=hess, dim=2, L=None, mu=None, minimiser=frozen([-s, c]),
        convex=False, window=((-1.8, 1.8), (-1.8, 1.8)), x0=x0,
        description=describe("saddle", steep=steep, fall=fall, angle=angle),
    )  # fmt: skip
