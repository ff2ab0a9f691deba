"""Adam and its relatives: every coordinate gets a step of its own, scaled by the gradients it has seen.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run. Everywhere
eps stands outside of the root, as in the paper and in PyTorch; TensorFlow's first RMSprop had it inside.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path

FREE = (-np.inf, np.inf)


def update_moments(
    m: ArrayLike, v: ArrayLike, g: ArrayLike, beta1: float, beta2: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return beta1 m + (1 - beta1) g and beta2 v + (1 - beta2) g^2, the running averages of g and of its square.

    m, v and g (..., d) broadcast; everything is done coordinate by coordinate. Raises ValueError unless both
    betas are >= 0 and < 1, or if the shapes do not fit.

    >>> m, v = update_moments([0.0, 1.0], [0.0, 4.0], [2.0, -3.0], 0.5, 0.75)
    >>> m.tolist(), v.tolist()
    ([1.0, -1.0], [1.0, 5.25])

    Source: Kingma and Ba 2015, Adam, algorithm 1.
    """
    beta1, beta2 = settings(beta1=beta1, beta2=beta2)
    m, v, g = arguments.points("m", m), arguments.points("v", v), arguments.points("g", g)
    arguments.runs({"m": m.shape, "v": v.shape, "g": g.shape})
    with np.errstate(over="ignore", invalid="ignore"):
        return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def moments(g: ArrayLike, beta1: float, beta2: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the m and v of `update_moments` after each of the gradients g[0], g[1], ..., starting from 0.

    g has shape (n, ..., d), and so have m and v. Raises ValueError unless both betas are >= 0 and < 1.

    >>> m, v = moments([[2.0], [4.0]], 0.5, 0.75)
    >>> m[:, 0].tolist(), v[:, 0].tolist()
    ([1.0, 2.5], [1.0, 4.75])

    Source: Kingma and Ba 2015, Adam, algorithm 1.
    """
    beta1, beta2 = settings(beta1=beta1, beta2=beta2)
    g = arguments.points("g", g)
    m, v = np.zeros((2, len(g) + 1, *g.shape[1:]))
    with np.errstate(over="ignore", invalid="ignore"):
        new, new_square = (1 - beta1) * g, (1 - beta2) * g**2
        for k in range(len(g)):
            m[k + 1], v[k + 1] = beta1 * m[k] + new[k], beta2 * v[k] + new_square[k]
    return m[1:], v[1:]


def bias_correction(moment: ArrayLike, beta: float, t: ArrayLike) -> np.ndarray:
    """Return moment / (1 - beta^t), a running average that started from 0, freed of that zero.

    After t gradients the weights of a running average add up to 1 - beta^t only. t counts from 1, and broadcasts
    with moment (..., d). Raises ValueError unless 0 <= beta < 1 and t is a whole number >= 1.

    >>> bias_correction([0.5, -1.0], 0.5, 1).tolist()
    [1.0, -2.0]

    Source: Kingma and Ba 2015, Adam, section 3.
    """
    (beta,) = settings(beta=beta)
    t = arguments.array("t", t)
    if np.any(t < 1) or np.any(t != np.round(t)):
        raise ValueError(f"t must be a whole number >= 1, got {t.tolist()}")
    return np.asarray(moment, dtype=float) / (1 - beta**t)


def adam(
    grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta1: float, beta2: float, eps: float, n_steps: int
) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha m_hat / (sqrt(v_hat) + eps), moments and bias as in this module.

    x0 (..., d) and alpha (...) broadcast: a run per start and per step size; the path has shape
    (n_steps + 1, ..., d). With eps = 0 a coordinate whose gradients were all 0 becomes nan. Raises ValueError if
    alpha or eps is negative or not finite, a beta is not in [0, 1), n_steps is not a whole number >= 0, or if the
    shapes do not fit.

    >>> adam(lambda x: 2 * x, [1.0, 100.0], 0.5, 0.9, 0.999, 0.0, 1)
    array([[  1. , 100. ],
           [  0.5,  99.5]])

    Source: Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, algorithm 1.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta1, beta2, eps = settings(beta1=beta1, beta2=beta2, eps=eps)
    m = v = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for k in range(n_steps):
            g = grad(x[k])
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            m_hat, v_hat = m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))
            x[k + 1] = x[k] - alpha * m_hat / (np.sqrt(v_hat) + eps)
    return x


def rmsprop(
    grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta: float, eps: float, n_steps: int
) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha g / (sqrt(v) + eps), v the running average of g^2 from 0.

    There is no first moment and no bias correction. Shapes and what is refused are those of `adam`: Raises
    ValueError for a bad alpha, beta, eps, n_steps or shape.

    >>> rmsprop(lambda x: 2 * x, [1.0, 100.0], 0.5, 0.75, 0.0, 1)
    array([[  1., 100.],
           [  0.,  99.]])

    Source: Tieleman and Hinton 2012, Neural Networks for Machine Learning, lecture 6.5.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta, eps = settings(beta=beta, eps=eps)
    v = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for k in range(n_steps):
            g = grad(x[k])
            v = beta * v + (1 - beta) * g**2
            x[k + 1] = x[k] - alpha * g / (np.sqrt(v) + eps)
    return x


def adamw_step(
    x: ArrayLike, m_hat: ArrayLike, v_hat: ArrayLike, alpha: float, eps: float, weight_decay: float
) -> np.ndarray:
    """Return x - alpha (m_hat / (sqrt(v_hat) + eps) + weight_decay x), a step of Adam whose decay is not scaled.

    x, m_hat and v_hat (..., d) broadcast. The decay stays out of the gradient, and so out of the moments. The
    paper writes eta (alpha ... + lambda x) with a schedule eta; PyTorch multiplies the decay by alpha, as here.
    Raises ValueError if alpha, eps or weight_decay is negative or not finite, or if the shapes do not fit.

    >>> adamw_step([1.0], [0.0], [0.0], 0.01, 1e-8, 0.1)
    array([0.999])

    Source: Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2.
    """
    alpha, eps, weight_decay = settings(alpha=alpha, eps=eps, weight_decay=weight_decay)
    x, m_hat = arguments.points("x", x), arguments.points("m_hat", m_hat)
    v_hat = arguments.points("v_hat", v_hat)
    arguments.runs({"x": x.shape, "m_hat": m_hat.shape, "v_hat": v_hat.shape})
    with np.errstate(all="ignore"):
        return x - alpha * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x)


def adamw(
    grad: Callable,
    x0: ArrayLike,
    alpha: ArrayLike,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float,
    n_steps: int,
) -> np.ndarray:
    """Return the path of `adamw_step`: Adam, and beside it the decay of every coordinate by alpha weight_decay x.

    Shapes and what is refused are those of `adam`: Raises ValueError for a bad alpha, beta, eps, weight_decay,
    n_steps or shape.

    >>> adamw(lambda x: 0 * x, [1.0], 0.01, 0.9, 0.999, 1e-8, 0.1, 2)[:, 0].round(6).tolist()
    [1.0, 0.999, 0.998001]

    Source: Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    beta1, beta2, eps = settings(beta1=beta1, beta2=beta2, eps=eps)
    (weight_decay,) = settings(weight_decay=weight_decay)
    m = v = np.zeros_like(x[0])
    with np.errstate(all="ignore"):
        for k in range(n_steps):
            g = grad(x[k])
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            m_hat, v_hat = m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))
            x[k + 1] = x[k] - alpha * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x[k])
    return x


def effective_hessian(m_hat: ArrayLike, v_hat: ArrayLike, g: ArrayLike, eps: float) -> np.ndarray:
    """Return g (sqrt(v_hat) + eps) / m_hat, the diagonal H for which Adam's step is -alpha H^-1 g.

    m_hat, v_hat and g (..., d) broadcast. Where m_hat = 0 the entry is inf, or nan if g = 0 as well; where
    momentum still points the other way it is negative. Raises ValueError if eps is negative or not finite, or if
    the shapes do not fit.

    >>> effective_hessian([1.0, 2.0], [4.0, 9.0], [1.0, -4.0], 0.0).tolist()
    [2.0, -6.0]

    Source: derived in chapter 08 from Kingma and Ba 2015, Adam, algorithm 1.
    """
    (eps,) = settings(eps=eps)
    m_hat, v_hat = arguments.points("m_hat", m_hat), arguments.points("v_hat", v_hat)
    g = arguments.points("g", g)
    arguments.runs({"m_hat": m_hat.shape, "v_hat": v_hat.shape, "g": g.shape})
    with np.errstate(all="ignore"):
        return g * (np.sqrt(v_hat) + eps) / m_hat


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


def settings(**given: float) -> tuple[float, ...]:
    """Return the given numbers in order as floats: each beta in [0, 1), anything else >= 0.

    Raises ValueError with the name, what was expected and what came.

    >>> settings(beta1=0.9, eps=0)
    (0.9, 0.0)
    >>> settings(beta2=1.0)
    Traceback (most recent call last):
    ValueError: beta2 must be a number >= 0 and < 1, got 1.0

    Source: Kingma and Ba 2015, Adam, algorithm 1 (for the ranges).
    """
    return tuple(
        arguments.number(name, value, 0, 1, open_high=True)
        if name.startswith("beta")
        else arguments.number(name, value, low=0)
        for name, value in given.items()
    )


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
