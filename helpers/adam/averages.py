"""Running averages of gradients and of their squares, the moments of Adam, and what a step with them amounts to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments


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
