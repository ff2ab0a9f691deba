"""What noise does on a saddle: how soon a run leaves, and the probability that it stays."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments


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
    alpha, rng = arguments.number("alpha", alpha, low=0), arguments.generator("rng", rng)
    x0 = arguments.points("x0", x0)
    x, escaped = x0, np.full(x0.shape[:-1], -1)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(1, arguments.whole_number("max_steps", max_steps) + 1):
            x = x - alpha * (grad(x) + noise * rng.standard_normal(x.shape))
            away = x - x0
            newly = (np.vecdot(away, away) > radius**2) & (escaped < 0)
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
