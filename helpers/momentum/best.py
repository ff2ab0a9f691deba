"""The best settings of momentum for given curvatures, and what they save."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.conditioning import steps_to_tolerance


def critical_damping(alpha: ArrayLike, lam: ArrayLike) -> float | np.ndarray:
    """Return (1 - sqrt(alpha lam))^2, the beta with a double eigenvalue: the fastest decay for this alpha and lam.

    alpha and lam >= 0 broadcast. A smaller beta decays more slowly, a larger one too, at sqrt(beta); below
    alpha lam = 1 the larger one overshoots as well. The result is below 1 where alpha lam < 4. Raises ValueError
    if alpha or lam is negative or not finite.

    >>> float(critical_damping(0.25, 1.0))
    0.25

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    alpha, lam = arguments.step_sizes("alpha", alpha), arguments.step_sizes("lam", lam)
    arguments.runs({"alpha": alpha.shape, "lam": lam.shape})
    return (1 - np.sqrt(alpha * lam)) ** 2


def optimal_heavy_ball(L: ArrayLike, mu: ArrayLike) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Return alpha = (2/(sqrt L + sqrt mu))^2 and beta = ((sqrt L - sqrt mu)/(sqrt L + sqrt mu))^2.

    The best constant pair on quadratics with curvatures from mu to L: it leaves
    sqrt(beta) = (sqrt kappa - 1)/(sqrt kappa + 1) a step. L and mu broadcast. Raises ValueError unless
    0 < mu <= L, all finite.

    >>> [round(float(value), 7) for value in optimal_heavy_ball(100.0, 1.0)]
    [0.0330579, 0.6694215]

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    root_L, root_mu = _roots(L, mu)
    return (2 / (root_L + root_mu)) ** 2, ((root_L - root_mu) / (root_L + root_mu)) ** 2


def nesterov_settings(L: ArrayLike, mu: ArrayLike) -> tuple[float | np.ndarray, float | np.ndarray]:
    """Return alpha = 1/L and beta = (sqrt L - sqrt mu)/(sqrt L + sqrt mu), for Nesterov's method.

    On any function with these constants the altitude falls at least like (1 - 1/sqrt(kappa))^k; on a quadratic the
    distance does. L and mu broadcast. Raises ValueError unless 0 < mu <= L, all finite.

    >>> [float(value) for value in nesterov_settings(4.0, 1.0)]
    [0.25, 0.3333333333333333]

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 2.2.
    """
    root_L, root_mu = _roots(L, mu)
    return 1 / root_L**2, (root_L - root_mu) / (root_L + root_mu)


def _roots(L, mu):
    L, mu = arguments.array("L", L), arguments.array("mu", mu)
    arguments.runs({"L": L.shape, "mu": mu.shape})
    if mu.min() <= 0 or np.any(mu > L):
        raise ValueError(f"mu must be > 0 and <= L, got mu = {mu.tolist()} with L = {L.tolist()}")
    return np.sqrt(L), np.sqrt(mu)


def steps_saved(kappa: ArrayLike, eps: ArrayLike) -> float | np.ndarray:
    """Return the steps of gradient descent over those of the heavy ball, each at its best, until eps is left.

    Both counts are whole: the smallest k >= 1 with ((kappa - 1)/(kappa + 1))^k <= eps, and the same with
    sqrt(kappa) for kappa. For large kappa the quotient is close to sqrt(kappa). kappa >= 1 and 0 < eps < 1
    broadcast. Raises ValueError if kappa or eps is outside of its range.

    >>> steps_saved(100.0, 1e-6), steps_to_tolerance(100.0, 1e-6), steps_to_tolerance(10.0, 1e-6)
    (10.014492753623188, 691, 69)

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    kappa = arguments.array("kappa", kappa)
    return steps_to_tolerance(kappa, eps) / steps_to_tolerance(np.sqrt(np.maximum(kappa, 0)), eps)
