"""The cost that the course begins with, its gradient, and gradients from function values alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments

EPS = 2.0**-52  # the distance from 1 to the next double; a number is rounded by up to half of it, relatively


def evaluate_cost(x: ArrayLike, y: ArrayLike) -> float | np.ndarray:
    """Return C(x, y) = 2(x - 3)^2 + (y + 1)^2 + 2xy, the height of the course's first landscape.

    x and y are numbers, or arrays that broadcast; the result has their shape.

    >>> evaluate_cost(1, 1)
    14

    Source: the course's own example, for the method of Cauchy 1847, Comptes rendus 25.
    """
    return 2 * (x - 3) ** 2 + (y + 1) ** 2 + 2 * x * y


def cost_gradient(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return (4(x - 3) + 2y, 2(y + 1) + 2x), the two partial derivatives of C, in the order x, y.

    x and y are numbers, or arrays (...) that broadcast; the result has shape (..., 2).

    >>> cost_gradient(1, 1)
    array([-6,  6])

    Source: the course's own example, for the method of Cauchy 1847, Comptes rendus 25.
    """
    return np.stack([4 * (x - 3) + 2 * y, 2 * (y + 1) + 2 * x], axis=-1)


def finite_difference_gradient(f: Callable, x: ArrayLike, h: ArrayLike) -> np.ndarray:
    """Return the central differences (f(x + h e_i) - f(x - h e_i)) / (2h), which differ from grad f by O(h^2).

    x (..., d) and h (...) broadcast; the result has shape (..., d). f takes points (..., d). It costs 2d values of
    f. Raises ValueError if h is not positive, if x or h is not finite, or if their shapes do not fit.

    >>> finite_difference_gradient(lambda x: x[..., 0] ** 2 * x[..., 1], [3, 2], 0.5)
    array([12.,  9.])

    Source: Nocedal and Wright 2006, Numerical Optimization, section 8.1.
    """
    x, h = point_and_step(x, h)
    g = np.empty_like(x)
    for i, axis in enumerate(np.eye(x.shape[-1])):
        g[..., i] = f(x + h * axis) - f(x - h * axis)
    return g / (2 * h)


def forward_difference_gradient(f: Callable, x: ArrayLike, h: ArrayLike) -> np.ndarray:
    """Return the one-sided differences (f(x + h e_i) - f(x)) / h, which differ from grad f by O(h).

    Shapes are those of `finite_difference_gradient`; it costs d + 1 values of f. Raises ValueError if h is not
    positive, if x or h is not finite, or if their shapes do not fit.

    >>> forward_difference_gradient(lambda x: x[..., 0] ** 2 * x[..., 1], [3, 2], 0.5)
    array([13.,  9.])

    Source: Nocedal and Wright 2006, Numerical Optimization, section 8.1.
    """
    x, h = point_and_step(x, h)
    g, here = np.empty_like(x), f(x)
    for i, axis in enumerate(np.eye(x.shape[-1])):
        g[..., i] = f(x + h * axis) - here
    return g / h


def point_and_step(x: ArrayLike, h: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return x as a new array of floats, and h > 0 in a shape to multiply points with.

    x (..., d) and h (...) are broadcast: a run per point and per h. Raises ValueError if h is not positive, if x or
    h is not finite, or if their shapes do not fit.

    >>> x, h = point_and_step([1, 2], [0.1, 0.2, 0.3])
    >>> x.shape, h.shape
    ((3, 2), (3, 1))

    Source: the course's own convention, runs first and coordinates last.
    """
    x, h = arguments.array("x", x), arguments.array("h", h)
    if x.ndim == 0:
        raise ValueError(f"x must have shape (..., d), coordinates last, got {float(x)!r}")
    if h.min() <= 0:
        raise ValueError(f"h must be > 0, got {h.min():g}")
    runs = arguments.runs({"x": x.shape[:-1], "h": h.shape})
    return np.array(np.broadcast_to(x, (*runs, x.shape[-1]))), h[..., None] if h.ndim else h


def truncation_and_rounding(
    h: ArrayLike, order: int, derivative: float, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return |D| h^p / (p + 1)! and eps S / (p h), the two errors of a difference of order p = 1 or 2.

    p = 1 is one-sided, with D = f''(x); p = 2 is central, with D = f'''(x). The first error is what Taylor's
    formula leaves out, exact in the limit of small h. The second bounds what rounding adds if f is computed to the
    last bit: S is |f(x)|, plus |x f'(x)| where x + h is rounded as well; eps = 2^-52. h may be an array, and both
    errors have its shape. Raises ValueError if h is not positive, p is not 1 or 2, or D or S is not finite.

    >>> [float(f"{error:.2g}") for error in truncation_and_rounding(1e-4, 2, derivative=6.0, size=1.0)]
    [1e-08, 1.1e-12]

    Source: Nocedal and Wright 2006, Numerical Optimization, section 8.1.
    """
    h = arguments.array("h", h)
    if h.min() <= 0:
        raise ValueError(f"h must be > 0, got {h.min():g}")
    p, D, S = _order_and_sizes(order, derivative, size)
    return D * h**p / math.factorial(p + 1), EPS * S / (p * h)


def best_difference_step(order: int, derivative: float, size: float) -> float:
    """Return (eps S (p + 1)! / (p^2 |D|))^(1/(p + 1)), the h at which the two errors add up to the least.

    p, D and S are those of `truncation_and_rounding`; the result is inf where D = 0. Raises ValueError if p is not
    1 or 2, or if D or S is not finite.

    >>> [float(f"{best_difference_step(p, derivative=1.0, size=1.0):.1g}") for p in (1, 2)]
    [2e-08, 7e-06]

    Source: derived in chapter 00; Nocedal and Wright 2006, Numerical Optimization, section 8.1.
    """
    p, D, S = _order_and_sizes(order, derivative, size)
    return (EPS * S * math.factorial(p + 1) / (p**2 * D)) ** (1 / (p + 1)) if D else math.inf


def _order_and_sizes(order, derivative, size):
    if order not in (1, 2):
        raise ValueError(f"order must be 1 or 2, got {order!r}")
    return order, abs(arguments.number("derivative", derivative)), arguments.number("size", size, low=0)
