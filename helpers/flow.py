"""Gradient descent as a walk along a flow: the exact flow, integrators, where they are stable, and Richardson.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path

# The real root of z^3 - 4 z^2 + 12 z - 24, which is where 1 - z + z^2/2 - z^3/6 + z^4/24 comes back to 1.
RK4_LIMIT = float((4 + np.cbrt(172 + 36 * np.sqrt(29)) - np.cbrt(36 * np.sqrt(29) - 172)) / 3)
LIMITS = {"forward": 2.0, "backward": np.inf, "rk4": RK4_LIMIT}


def euler_step(field: Callable, x: ArrayLike, h: ArrayLike) -> np.ndarray:
    """Return x + h field(x), one step of forward Euler along x'(t) = field(x), as a new array.

    x (..., d) and h (...) broadcast: a run per point and per step. For field = -grad it is a step of gradient
    descent with alpha = h. Raises ValueError if h is negative or not finite, or if the shapes do not fit.

    >>> euler_step(lambda x: -2 * x, [1, 3], 0.25)
    array([0.5, 1.5])

    Source: Euler 1768, Institutiones calculi integralis I; Hairer, Nørsett and Wanner 1993, section I.7.
    """
    (x,), h = new_path(x, h, 0, names=("x", "h"))
    with np.errstate(over="ignore", invalid="ignore"):
        v = np.asarray(field(x))
        if v.shape != x.shape:
            raise ValueError(f"field(x) must have the shape of x, {x.shape}, got {v.shape}")
        return x + h * v


def euler(field: Callable, x0: ArrayLike, h: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] + h field(x[k]) of forward Euler from x[0] = x0, (n_steps + 1, ..., d).

    x0 (..., d) and h (...) broadcast. Row k belongs to the time k h. An unstable run keeps its shape, with inf
    and nan in it. Raises ValueError if h is negative or not finite, if n_steps is not a whole number >= 0, or
    if the shapes do not fit.

    >>> euler(lambda x: -2 * x, [1.0, 2.0], 0.25, 2)
    array([[1.  , 2.  ],
           [0.5 , 1.  ],
           [0.25, 0.5 ]])

    Source: Euler 1768, Institutiones calculi integralis I; Hairer, Nørsett and Wanner 1993, section I.7.
    """
    x, h = new_path(x0, h, n_steps, names=("x0", "h"))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            x[k + 1] = x[k] + h * field(x[k])
    return x


def rk4(field: Callable, x0: ArrayLike, h: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path of the Runge-Kutta method of order 4: x[k + 1] = x[k] + h (a + 2b + 2c + d)/6.

    The four slopes are a = field(x), b = field(x + h a/2), c = field(x + h b/2), d = field(x + h c). Shapes and
    what is refused are those of `euler`: Raises ValueError for a bad h, n_steps or shape.

    >>> rk4(lambda x: -x, [24.0], 1.0, 1)
    array([[24.],
           [ 9.]])

    Source: Kutta 1901, Z. Math. Phys. 46; Hairer, Nørsett and Wanner 1993, section II.1.
    """
    x, h = new_path(x0, h, n_steps, names=("x0", "h"))
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            a = field(x[k])
            b = field(x[k] + h / 2 * a)
            c = field(x[k] + h / 2 * b)
            d = field(x[k] + h * c)
            x[k + 1] = x[k] + h / 6 * (a + 2 * b + 2 * c + d)
    return x


def backward_euler(Q: ArrayLike, b: ArrayLike, x0: ArrayLike, h: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path of (I + hQ) x[k + 1] = x[k] + h b, backward Euler along the flow of x'Qx/2 - b'x.

    The slope is taken at the *new* point: x[k + 1] = x[k] - h (Q x[k + 1] - b). Q is (d, d), b (d,); x0 (..., d)
    and h (...) broadcast, the path has shape (n_steps + 1, ..., d). Raises ValueError if Q is not symmetric
    positive semidefinite, if h is negative or not finite, or if n_steps or the shapes do not fit.

    >>> backward_euler([[1.0, 0.0], [0.0, 3.0]], [0.0, 0.0], [8.0, 16.0], 1.0, 2)
    array([[ 8., 16.],
           [ 4.,  4.],
           [ 2.,  1.]])

    Source: Curtiss and Hirschfelder 1952, PNAS 38; Hairer and Wanner 1996, section IV.3.
    """
    x, h = new_path(x0, h, n_steps, names=("x0", "h"))
    Q = arguments.semidefinite("Q", Q)
    b = arguments.array("b", b, shape=Q.shape[:1])
    if x.shape[-1] != len(Q):
        raise ValueError(f"x0 must have shape (..., {len(Q)}) to fit Q, got shape {np.shape(x0)}")
    matrix = np.eye(len(Q)) + (h[..., None] if h.ndim else h) * Q  # one for each run
    for k in range(n_steps):
        x[k + 1] = np.linalg.solve(matrix, (x[k] + h * b)[..., None])[..., 0]
    return x


def gradient_flow(Q: ArrayLike, b: ArrayLike, x0: ArrayLike, t: ArrayLike) -> np.ndarray:
    """Return the solution m + sum_i exp(-lam_i t) (v_i'(x0 - m)) v_i of x'(t) = b - Qx at the times t, Q m = b.

    lam_i and v_i are the eigenvalues and eigenvectors of Q (d, d), positive definite; b is (d,), x0 (..., d)
    and t (n,) with t >= 0 in any order; the result has shape (n, ..., d). Raises ValueError if Q is not
    symmetric positive definite, if a time is negative or not finite, or if the shapes do not fit.

    >>> gradient_flow([[1.0, 0.0], [0.0, 2.0]], [0.0, 0.0], [8.0, 8.0], [0.0, np.log(2)]).round(9)
    array([[8., 8.],
           [4., 2.]])

    Source: Hairer, Nørsett and Wanner 1993, Solving Ordinary Differential Equations I, section I.12.
    """
    Q = arguments.semidefinite("Q", Q, definite=True)
    b, t = arguments.array("b", b, shape=Q.shape[:1]), arguments.array("t", t, ndim=1)
    x0 = arguments.points("x0", x0)
    if x0.shape[-1] != len(Q):
        raise ValueError(f"x0 must have shape (..., {len(Q)}) to fit Q, got shape {x0.shape}")
    if t.min() < 0:
        raise ValueError(f"t must be >= 0, got {t.min():g}")
    lam, V = np.linalg.eigh(Q)
    m = V @ ((V.T @ b) / lam)
    c = (x0 - m) @ V
    decay = np.exp(-np.multiply.outer(t, lam))  # (n, d), and an axis more for each axis of runs
    decay = decay.reshape(len(t), *[1] * (x0.ndim - 1), len(lam))
    return m + (decay * c) @ V.T


def stability_limit(Q: ArrayLike, method: str) -> float:
    """Return the step h up to which a method does not grow along the flow of x'Qx/2 - b'x: a limit / lam_max(Q).

    The limit is 2 for "forward" Euler, inf for "backward" Euler, and 2.785293563405282... for "rk4", where
    |1 - z + z^2/2 - z^3/6 + z^4/24| passes 1. Q (d, d); for Q = 0 it is inf. Raises ValueError if Q is not
    symmetric positive semidefinite or the method has another name.

    >>> stability_limit([[3.0, 1.0], [1.0, 3.0]], "forward")
    0.5

    Source: Hairer and Wanner 1996, Solving Ordinary Differential Equations II, sections IV.2 and IV.3.
    """
    if method not in LIMITS:
        raise ValueError(f"method must be one of {', '.join(map(repr, LIMITS))}, got {method!r}")
    largest = np.linalg.eigvalsh(arguments.semidefinite("Q", Q))[-1]
    return float(LIMITS[method] / largest) if largest > 0 else np.inf


def observed_order(h: ArrayLike, errors: ArrayLike) -> float:
    """Return p of errors ~ C h^p: the least-squares slope of log errors on log h.

    h (n,) and errors (n,) are positive, at least two of the h differ. Raises ValueError if they are not, or if
    the shapes do not fit.

    >>> round(observed_order([0.1, 0.2, 0.4], [0.03, 0.12, 0.48]), 12)
    2.0

    Source: Hairer, Nørsett and Wanner 1993, section II.4 (numerical experiments on a log-log scale).
    """
    h = arguments.array("h", h, ndim=1)
    errors = arguments.array("errors", errors, shape=h.shape)
    for name, values in (("h", h), ("errors", errors)):
        if values.min() <= 0:
            raise ValueError(f"{name} must be > 0, got {values.min():g}")
    if h.min() == h.max():
        raise ValueError(f"h must hold at least two different steps, got {h.tolist()}")
    across = np.log(h) - np.mean(np.log(h))
    return float(across @ np.log(errors) / (across @ across))


def richardson(A: ArrayLike, b: ArrayLike, x0: ArrayLike, omega: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] + omega A'(b - A x[k]), Richardson's iteration on A'A x = A'b.

    It is gradient descent on |Ax - b|^2/2 with alpha = omega, and on |Ax - b|^2/(2n) with alpha = n omega. A is
    (n, d), b (n,); x0 (..., d) and omega (...) broadcast, the path has shape (n_steps + 1, ..., d). Raises
    ValueError if omega is negative or not finite, or if n_steps or the shapes do not fit.

    >>> richardson([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]], [4.0, 4.0, 1.0], [0.0, 0.0], 0.25, 2)
    array([[0.  , 0.  ],
           [1.  , 2.  ],
           [1.75, 2.  ]])

    Source: Richardson 1911, Phil. Trans. R. Soc. A 210; Landweber 1951, Amer. J. Math. 73 (for A'A).
    """
    x, omega = new_path(x0, omega, n_steps, names=("x0", "omega"))
    A = arguments.array("A", A, ndim=2)
    b = arguments.array("b", b, shape=A.shape[:1])
    if x.shape[-1] != A.shape[1]:
        raise ValueError(f"x0 must have shape (..., {A.shape[1]}) to fit A, got shape {np.shape(x0)}")
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            residual = b - x[k] @ A.T
            x[k + 1] = x[k] + omega * (residual @ A)
    return x


def relaxation_range(A: ArrayLike) -> tuple[float, float]:
    """Return the ends 0 and 2/lam_max(A'A) of the omegas for which `richardson` converges from every start.

    The ends do not belong to the range; lam_max(A'A) is the square of the largest singular value of A (n, d).
    For A = 0 the upper end is inf. Raises ValueError if A is no finite matrix.

    >>> relaxation_range([[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    (0.0, 0.5)

    Source: Richardson 1911, Phil. Trans. R. Soc. A 210; Saad 2003, Iterative Methods, section 4.2.
    """
    largest = np.linalg.norm(arguments.array("A", A, ndim=2), 2)
    return 0.0, float(2 / largest**2) if largest > 0 else np.inf
