"""RMSprop, Adam and AdamW, each with its own loop."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.adam.averages import settings
from helpers.descent import new_path


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
