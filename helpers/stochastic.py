"""Gradients that are only estimated: mini-batches, their noise, and what noise does to descent.

Every random thing takes an `rng`, a `numpy.random.Generator`, and draws from it alone. Paths have shape
(n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path


def minibatch_gradient(w: ArrayLike, X: ArrayLike, y: ArrayLike, batch: ArrayLike) -> np.ndarray:
    """Return the mean over the batch of x_i (x_i'w - y_i), an estimate of the gradient of |Xw - y|^2/(2n).

    X is (n, d), y (n,), and batch holds row numbers (..., B), where one that comes twice counts twice. w (..., d) and
    the batches broadcast; the result has shape (..., d). Raises ValueError if a row number is not within 0 to
    n - 1, if a batch is empty, or if the shapes do not fit.

    >>> minibatch_gradient([1, 1], [[1, 0], [0, 2], [1, 1]], [3, 0, 1], [0, 1])
    array([-1.,  2.])

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22; Bottou, Curtis and Nocedal 2018, SIAM Review 60.
    """
    w, X, y = _fitting(w, X, y)
    batch = np.asarray(batch)
    if batch.dtype.kind not in "iu" or not batch.size or batch.min() < 0 or batch.max() >= len(X):
        raise ValueError(f"batch must hold row numbers from 0 to {len(X) - 1}, got {batch.tolist()!r}")
    arguments.runs({"w": w.shape[:-1], "batch": batch.shape[:-1]})
    rows = X[batch]
    residual = (rows @ w[..., None])[..., 0] - y[batch]
    return (residual[..., None, :] @ rows)[..., 0, :] / batch.shape[-1]


def per_example_gradients(w: ArrayLike, X: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return the n gradients x_i (x_i'w - y_i) whose mean is the gradient of |Xw - y|^2/(2n), shape (n, d).

    w is (d,), X (n, d), y (n,). Raises ValueError if the shapes do not fit.

    >>> per_example_gradients([1, 1], [[1, 2], [3, 2]], [1, 4])
    array([[2., 4.],
           [3., 2.]])

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22; Bottou, Curtis and Nocedal 2018, SIAM Review 60.
    """
    w, X, y = _fitting(w, X, y)
    return X * (X @ arguments.array("w", w, ndim=1) - y)[:, None]


def epoch_batches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the row numbers 0 to n - 1 in a random order, cut into batches; only the last one may be shorter.

    Every row comes exactly once, and every order is equally likely; a new call gives a new epoch. Raises
    ValueError if n or batch_size is not a whole number >= 1, or rng is no generator.

    >>> [batch.tolist() for batch in epoch_batches(5, 2, np.random.default_rng(0))]
    [[2, 4], [3, 0], [1]]

    Source: Bottou 2009, Curiously fast convergence of some stochastic gradient descent algorithms.
    """
    n, batch_size = (arguments.whole_number(*given, 1) for given in (("n", n), ("batch_size", batch_size)))
    order = _generator(rng).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def sgd(
    X: ArrayLike,
    y: ArrayLike,
    w0: ArrayLike,
    alpha: ArrayLike,
    batch_size: int,
    n_epochs: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the path w[k + 1] = w[k] - alpha g, g the mini-batch gradient of |Xw - y|^2/(2n), a row per update.

    Each epoch goes through the n rows once, in a new order, in batches of batch_size, the last one shorter where n is
    no multiple. alpha is a number, or one for each update, or (n_updates, ...), one for each update and run; w0
    (..., d) holds a start per run, and all runs see the same batches. The path has shape (n_updates + 1, ..., d). Raises ValueError if alpha is negative or not
    finite, if a count is no whole number, if the shapes do not fit, or if rng is no generator.

    >>> sgd([[1.0], [1.0]], [2.0, 2.0], [0.0], 0.5, 1, 2, np.random.default_rng(0))[:, 0].tolist()
    [0.0, 1.0, 1.5, 1.75, 1.875]

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22; Bottou 2009 (a new order in every epoch).
    """
    _, X, y = _fitting(w0, X, y)
    n_epochs = arguments.whole_number("n_epochs", n_epochs)
    n_updates = n_epochs * math.ceil(len(X) / arguments.whole_number("batch_size", batch_size, 1))
    w, _ = new_path(w0, 0.0, n_updates, names=("w0", "alpha"))
    alpha, k = _schedule(alpha, n_updates, w.shape[1:-1]), 0
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(n_epochs):
            for batch in epoch_batches(len(X), batch_size, rng):
                rows = X[batch]
                g = (w[k] @ rows.T - y[batch]) @ rows / len(batch)
                w[k + 1] = w[k] - alpha[k] * g
                k += 1
    return w


def noisy_descent(
    grad: Callable, x0: ArrayLike, alpha: ArrayLike, noise: float, n_steps: int, rng: np.random.Generator
) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha (grad(x[k]) + noise z), z standard normal in every coordinate.

    alpha is a number, or one for each step, or (n_steps, ...), one for each step and run; x0 (..., d) holds a start per run, each with noise of its own. The
    path has shape (n_steps + 1, ..., d). Raises ValueError if alpha or noise is negative or not finite, if
    n_steps is not a whole number >= 0, or if rng is no generator.

    >>> noisy_descent(lambda x: x, [4.0], 0.5, 0.0, 2, np.random.default_rng(0))[:, 0].tolist()
    [4.0, 2.0, 1.0]

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22 (with normal noise).
    """
    noise, rng = arguments.number("noise", noise, low=0), _generator(rng)
    x, _ = new_path(x0, 0.0, n_steps)
    alpha = _schedule(alpha, n_steps, x.shape[1:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            x[k + 1] = x[k] - alpha[k] * (grad(x[k]) + noise * rng.standard_normal(x[k].shape))
    return x


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
    drawn = g[_generator(rng).integers(len(g), size=shape)]
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


def decaying_steps(alpha0: float, tau: float, n_steps: int) -> np.ndarray:
    """Return alpha0/(1 + k/tau) for k = 0, ..., n_steps - 1: alpha0 at first, half of it at k = tau, then like 1/k.

    The sum grows without bound and the sum of squares does not: the steps reach any point, and the noise dies out. The
    result has shape (n_steps,). Raises ValueError if alpha0 is negative, tau is not > 0, or n_steps is no whole
    number >= 0.

    >>> decaying_steps(1.0, 2, 5).round(3).tolist()
    [1.0, 0.667, 0.5, 0.4, 0.333]

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22 (the two sums).
    """
    alpha0 = arguments.number("alpha0", alpha0, low=0)
    tau = arguments.number("tau", tau, low=0, open_low=True)
    return alpha0 / (1 + np.arange(arguments.whole_number("n_steps", n_steps)) / tau)


def escape_steps(
    grad: Callable,
    x0: ArrayLike,
    alpha: float,
    noise: float,
    radius: float,
    max_steps: int,
    rng: np.random.Generator,
) -> int | np.ndarray:
    """Return the first k with |x[k] - x0| > radius under x <- x - alpha (grad(x) + noise z), or -1.

    z is standard normal in every coordinate, k counts the updates, and -1 says that max_steps were not enough. x0
    (..., d) holds a start per run, each with noise of its own; one run gives an int, more an array (...). Raises
    ValueError if alpha, noise or radius is negative or not finite, if max_steps is no whole number >= 0, or if
    rng is no generator.

    >>> escape_steps(lambda x: -x, [1.0], 0.5, 0.0, 2.0, 100, np.random.default_rng(0))
    3

    Source: Ge, Huang, Jin and Yuan 2015, COLT; Kramers 1940, Physica 7.
    """
    noise, radius = arguments.number("noise", noise, low=0), arguments.number("radius", radius, low=0)
    alpha, rng = arguments.number("alpha", alpha, low=0), _generator(rng)
    x0 = arguments.points("x0", x0)
    x, escaped = x0, np.full(x0.shape[:-1], -1)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(1, arguments.whole_number("max_steps", max_steps) + 1):
            x = x - alpha * (grad(x) + noise * rng.standard_normal(x.shape))
            away = x - x0
            newly = (np.einsum("...i,...i", away, away) > radius**2) & (escaped < 0)
            if newly.any():
                escaped[newly] = k
                if (escaped > 0).all():
                    break
    return escaped if escaped.ndim else int(escaped)


def staying_probability(alpha: float, fall: float, noise: float, radius: float, n_steps: int) -> np.ndarray:
    """Return erf(radius/sqrt(2 v_k)), the probability of |x[k]| <= radius along a direction of curvature -fall.

    From x[0] = 0, x <- (1 + alpha fall) x - alpha noise z is normal with the variance v_k = alpha^2 noise^2
    (q^2k - 1)/(q^2 - 1), q = 1 + alpha fall. The result, for k = 0, ..., n_steps, bounds the probability that
    `escape_steps` needs more than k, since a run may be out and in again; its sum is the predicted mean. Raises
    ValueError unless alpha, fall, noise and radius are > 0 and n_steps is a whole number >= 0.

    >>> staying_probability(0.5, 1.0, 1.0, 0.5, 2).round(3).tolist()
    [1.0, 0.683, 0.421]

    Source: derived in chapter 06; Kramers 1940, Physica 7.
    """
    alpha, fall, noise, radius = (
        arguments.number(name, value, low=0, open_low=True)
        for name, value in (("alpha", alpha), ("fall", fall), ("noise", noise), ("radius", radius))
    )
    k, q = np.arange(1, arguments.whole_number("n_steps", n_steps) + 1), 1 + alpha * fall
    # Divided by q^k, which overflows for large k: spread/q^k tends to alpha noise/sqrt(q^2 - 1).
    relative = alpha * noise * np.sqrt((1 - q ** (-2.0 * k)) / (q * q - 1))
    inside = [math.erf(z) for z in radius * q ** (-1.0 * k) / (np.sqrt(2) * relative)]
    return np.array([1.0, *inside])


def _fitting(w, X, y):
    w, X = arguments.points("w", w), arguments.array("X", X, ndim=2)
    if w.shape[-1] != X.shape[1]:
        raise ValueError(f"w must have shape (..., {X.shape[1]}) to fit X, got shape {w.shape}")
    return w, X, arguments.array("y", y, shape=(len(X),))


def _schedule(alpha, n_steps, runs):
    """One step size for each step, or one for each step and run, ready to multiply gradients with."""
    alpha = arguments.step_sizes("alpha", alpha)
    if alpha.shape == (n_steps, *runs) and runs:
        return alpha[..., None]
    if alpha.shape not in ((), (n_steps,)):
        also = f" or {(n_steps, *runs)}, one for each step and run," if runs else ","
        raise ValueError(
            f"alpha must be a number or have shape ({n_steps},), one for each step{also} got {alpha.shape}"
        )
    return np.broadcast_to(alpha, n_steps)


def _generator(rng):
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {rng!r}")
    return rng
