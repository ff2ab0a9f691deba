"""How far estimates are from the gradient, and how far that keeps a path from its minimiser."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments


def gradient_noise(per_example: ArrayLike, batch_size: ArrayLike, replacement: bool) -> float | np.ndarray:
    """Return sigma^2/B, times (n - B)/(n - 1) without replacement: the mean of |g_B - g|^2 over all batches.

    per_example (n, d) are the gradients g_i of the examples, g is their mean, sigma^2 = mean |g_i - g|^2, and g_B the
    mean of a batch of B, drawn with or without replacement. batch_size is B, or an array of them. Raises
    ValueError if B is not a whole number >= 1, or is more than n without replacement.

    >>> gradient_noise([[-1.0, 0.0], [1.0, 0.0], [0.0, 2.0], [0.0, -2.0]], 2, True)
    1.25

    Source: Cochran 1977, Sampling Techniques, sections 2.5 and 2.9.
    """
    g, B = arguments.array("per_example", per_example, ndim=2), np.asarray(batch_size)
    n = len(g)
    if B.dtype.kind not in "iu" or B.min() < 1 or (B.max() > n and not replacement):
        most = "" if replacement else f" and <= {n}, the number of examples,"
        raise ValueError(f"batch_size must be a whole number >= 1{most}, got {B.tolist()!r}")
    sigma2 = np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))
    left = 1.0 if replacement else (n - B) / max(n - 1, 1)
    noise = sigma2 / B * left
    return noise if np.ndim(noise) else float(noise)


def running_estimates(
    per_example: ArrayLike, n_draws: int, n_trials: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the means of the first 1, 2, ..., n_draws of examples drawn with replacement, in n_trials trials.

    per_example is (n, d), the result (n_trials, n_draws, d): [t, B - 1] is the estimate of trial t from a batch of B.
    Raises ValueError if a count is no whole number >= 1, or rng is no generator.

    >>> running_estimates([[2.0], [2.0]], 3, 1, np.random.default_rng(0))[0, :, 0].tolist()
    [2.0, 2.0, 2.0]

    Source: Cochran 1977, Sampling Techniques, section 2.5.
    """
    g = arguments.array("per_example", per_example, ndim=2)
    shape = tuple(
        arguments.whole_number(*given, 1) for given in (("n_trials", n_trials), ("n_draws", n_draws))
    )
    drawn = g[arguments.generator("rng", rng).integers(len(g), size=shape)]
    return np.cumsum(drawn, axis=1) / np.arange(1, n_draws + 1)[:, None]


def chebyshev_batch_size(sigma2: float, eps: float, delta: float) -> int:
    """Return the smallest B >= sigma2/(eps^2 delta): then |g_B - g| >= eps has a probability of delta at most.

    It is Chebyshev's inequality, P <= (sigma2/B)/eps^2, solved for B. The numbers count as the decimals they are
    written as: 9/(0.3^2 * 0.05) is 2000, though floating point says 2000.0000000000002. Raises ValueError unless
    sigma2 >= 0, eps > 0 and 0 < delta <= 1.

    >>> chebyshev_batch_size(1, 0.1, 0.05), chebyshev_batch_size(9, 0.3, 0.05)
    (2000, 2000)

    Source: Chebyshev 1867, J. Math. Pures Appl. 12 (the inequality).
    """
    from fractions import Fraction  # here, for it takes longer to import than all of this package

    sigma2 = arguments.number("sigma2", sigma2, low=0)
    eps = arguments.number("eps", eps, low=0, open_low=True)
    delta = arguments.number("delta", delta, low=0, high=1, open_low=True)
    sigma2, eps, delta = (Fraction(str(value)) for value in (sigma2, eps, delta))
    return max(1, math.ceil(sigma2 / (eps**2 * delta)))


def noise_floor(alpha: ArrayLike, lam: ArrayLike, s2: ArrayLike, beta: ArrayLike = 0.0) -> float | np.ndarray:
    """Return alpha s2/(lam (2 - alpha lam)), where E x^2 settles under x <- x - alpha (lam x + noise of variance s2).

    With momentum beta it is alpha s2 (1 + beta)/(lam (1 - beta)(2(1 + beta) - alpha lam)). The arguments broadcast;
    the result is inf where the denominator is not positive: no floor holds x then. Raises ValueError unless
    alpha >= 0, lam > 0, s2 >= 0 and 0 <= beta < 1, all finite.

    >>> float(noise_floor(0.5, 1.0, 3.0)), float(noise_floor(2.0, 1.0, 3.0))
    (1.0, inf)

    Source: Polyak 1987, Introduction to Optimization, section 2.2; Mandt, Hoffman and Blei 2017, JMLR 18.
    """
    alpha, lam = arguments.step_sizes("alpha", alpha), arguments.array("lam", lam)
    s2, beta = arguments.array("s2", s2), arguments.array("beta", beta)
    if lam.min() <= 0:
        raise ValueError(f"lam must be > 0, got {lam.min():g}")
    if s2.min() < 0:
        raise ValueError(f"s2 must be >= 0, got {s2.min():g}")
    if beta.min() < 0 or beta.max() >= 1:
        raise ValueError(f"beta must be >= 0 and < 1, got {beta[(beta < 0) | (beta >= 1)][0]:g}")
    arguments.runs({"alpha": alpha.shape, "lam": lam.shape, "s2": s2.shape, "beta": beta.shape})
    room = 2 * (1 + beta) - alpha * lam
    floor = alpha * s2 * (1 + beta) / (lam * (1 - beta) * np.where(room > 0, room, 1))
    return np.where(room > 0, floor, np.inf)[()]


def reshuffled_floor(alpha: float, lam: float, s2: float, n_batches: int) -> float:
    """Return where E x^2 settles, averaged over an epoch, if the noise of its n_batches updates adds up to zero.

    Batches without replacement do that: each has variance s2, and any two of an epoch the covariance
    -s2/(n_batches - 1). Few batches leave far less than `noise_floor`, many the same. It is inf where alpha lam >= 2.
    Raises ValueError unless alpha >= 0, lam > 0, s2 >= 0 and n_batches is a whole number >= 2.

    >>> reshuffled_floor(0.5, 1.0, 3.0, 2), round(reshuffled_floor(0.5, 1.0, 3.0, 10**6), 3)
    (0.5, 1.0)

    Source: derived in chapter 06; Bottou 2009 observed it, Gürbüzbalaban, Ozdaglar and Parrilo 2021 proved it.
    """
    alpha = arguments.number("alpha", alpha, low=0)
    lam = arguments.number("lam", lam, low=0, open_low=True)
    s2, m = arguments.number("s2", s2, low=0), arguments.whole_number("n_batches", n_batches, 2)
    q = 1 - alpha * lam
    if abs(q) >= 1:
        return np.inf if alpha > 0 else 0.0
    t, c = np.arange(1, m + 1), -s2 / (m - 1)
    # x after t updates is q^t x0 less alpha times the sum of q^(t - 1 - j) e_j, whose variance is
    # (s2 - c) sum q^2j + c (sum q^j)^2: a part of each e_j by itself, and one that they share.
    squares, sums = (1 - q ** (2 * t)) / (1 - q * q), (1 - q**t) / (1 - q)
    added = alpha**2 * ((s2 - c) * squares + c * sums**2)
    at_start = added[-1] / (1 - q ** (2 * m))  # an epoch ends with the spread it began with
    return float(np.mean(q ** (2 * t) * at_start + added))
