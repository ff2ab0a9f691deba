"""The Adam that Reddi, Kale and Kumar analyse, in bounds and without bias correction, and their cure.

Here time is an argument: grad_t(x, t) is the gradient at step t, and steps count from 1 as in the paper.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.adam.averages import settings
from helpers.descent import new_path

FREE = (-np.inf, np.inf)


def uncorrected_adam(
    grad_t: Callable,
    x0: ArrayLike,
    alpha: ArrayLike,
    beta1: float,
    beta2: float,
    eps: float,
    n_steps: int,
    bounds: tuple[ArrayLike, ArrayLike] = FREE,
    schedule: Callable | None = None,
) -> np.ndarray:
    """Return the path x[t] = clip(x[t-1] - alpha_t m / (sqrt(v) + eps)) of Adam without bias correction.

    This is the Adam that Reddi, Kale and Kumar analyse. grad_t(x, t) is the gradient at step t = 1, ..., n_steps;
    alpha_t is alpha, or alpha schedule(t). Shapes and what is refused are those of `amsgrad`: Raises ValueError
    for a bad alpha, beta, eps, n_steps, bounds or shape.

    >>> uncorrected_adam(lambda x, t: 2 * x, [1.0, 100.0], 0.5, 0.5, 0.75, 0.0, 1)
    array([[  1. , 100. ],
           [  0.5,  99.5]])

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond, section 3.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta1, beta2, eps = settings(beta1=beta1, beta2=beta2, eps=eps)
    low, high = box(bounds)
    m = v = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for t in range(1, n_steps + 1):
            g = grad_t(x[t - 1], t)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            alpha_t = alpha if schedule is None else alpha * schedule(t)
            x[t] = np.minimum(np.maximum(x[t - 1] - alpha_t * m / (np.sqrt(v) + eps), low), high)
    return x


def amsgrad(
    grad_t: Callable,
    x0: ArrayLike,
    alpha: ArrayLike,
    beta1: float,
    beta2: float,
    eps: float,
    n_steps: int,
    bounds: tuple[ArrayLike, ArrayLike] = FREE,
    schedule: Callable | None = None,
) -> np.ndarray:
    """Return the path x[t] = clip(x[t-1] - alpha_t m / (sqrt(v_max) + eps)), where v_max is the largest v so far.

    grad_t(x, t) is the gradient at step t = 1, ..., n_steps; alpha_t is alpha, or alpha schedule(t); `bounds` are
    low and high, numbers or (d,). There is no bias correction, as in the paper; PyTorch corrects both moments.
    x0 (..., d) and alpha (...) broadcast. Raises ValueError if alpha or eps is negative or not finite, a beta is
    not in [0, 1), n_steps is not a whole number >= 0, low > high, or if the shapes do not fit.

    >>> amsgrad(lambda x, t: 2 * x, [1.0, 100.0], 0.5, 0.5, 0.75, 0.0, 1, (-1.0, 50.0))
    array([[  1. , 100. ],
           [  0.5,  50. ]])

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond, algorithm 2.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta1, beta2, eps = settings(beta1=beta1, beta2=beta2, eps=eps)
    low, high = box(bounds)
    m = v = v_max = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for t in range(1, n_steps + 1):
            g = grad_t(x[t - 1], t)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            v_max = np.maximum(v_max, v)
            alpha_t = alpha if schedule is None else alpha * schedule(t)
            x[t] = np.minimum(np.maximum(x[t - 1] - alpha_t * m / (np.sqrt(v_max) + eps), low), high)
    return x


def remembering(
    grad_t: Callable,
    x0: ArrayLike,
    alpha: ArrayLike,
    beta1: float,
    beta2: float,
    eps: float,
    n_steps: int,
    bounds: tuple[ArrayLike, ArrayLike] = FREE,
    memory: ArrayLike = 1.0,
) -> np.ndarray:
    """Return the path x[t] = clip(x[t-1] - alpha m / (sqrt(v_max) + eps)), v_max = max(memory v_max, v).

    memory (...) is a number, or one for each run: 1 is `amsgrad`, 0 is `uncorrected_adam`, so that both walk at once.
    Everything else is that of `amsgrad`: Raises ValueError for a bad alpha, beta, eps, n_steps, bounds or shape, and
    unless 0 <= memory <= 1.

    >>> remembering(lambda x, t: np.full_like(x, 4.0 / t), [[0], [0]], 1, 0, 0, 0, 2, memory=[0, 1])[2]
    array([[-2. ],
           [-1.5]])

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond, algorithms 1 and 2.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta1, beta2, eps = settings(beta1=beta1, beta2=beta2, eps=eps)
    low, high = box(bounds)
    memory = arguments.array("memory", memory)[..., None]
    if not (np.all(memory >= 0) and np.all(memory <= 1)):
        raise ValueError(f"memory must be between 0 and 1, got {memory[..., 0].tolist()}")
    m = v = v_max = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for t in range(1, n_steps + 1):
            g = grad_t(x[t - 1], t)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            v_max = np.maximum(memory * v_max, v)
            x[t] = np.minimum(np.maximum(x[t - 1] - alpha * m / (np.sqrt(v_max) + eps), low), high)
    return x


def box(bounds: tuple[ArrayLike, ArrayLike]) -> tuple[np.ndarray, np.ndarray]:
    """Return low and high of `bounds` as floats, infinite ones too.

    Raises ValueError unless they are two, and low <= high everywhere.

    >>> box((-1, [1.0, 2.0]))
    (array(-1.), array([1., 2.]))

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond (the feasible set).
    """
    try:
        low, high = (np.asarray(bound, dtype=float) for bound in bounds)
        ordered = bool(np.all(low <= high))
    except (TypeError, ValueError):
        ordered = False
    if not ordered:
        raise ValueError(f"bounds must be (low, high) with low <= high, got {bounds!r}")
    return low, high
