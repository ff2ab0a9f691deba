"""What the smallest and the largest curvature do to gradient descent: conditioning, the best step, its speed.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path

ROUNDING = 1e-12  # an eigenvalue below this share of the largest counts as zero


def condition_number(Q: ArrayLike) -> float | np.ndarray:
    """Return kappa = L/mu, the largest over the smallest eigenvalue of a symmetric Q; inf where Q is singular.

    Q (..., d, d) is positive semidefinite; the result has shape (...). An eigenvalue below 1e-12 of the largest
    counts as zero. Raises ValueError if Q is not finite, symmetric and positive semidefinite.

    >>> float(condition_number([[3.0, 1.0], [1.0, 3.0]]))
    2.0
    >>> float(condition_number([[1.0, 2.0], [2.0, 4.0]]))
    inf

    Source: Turing 1948, Quart. J. Mech. Appl. Math. 1 (the name); Polyak 1987, Introduction to Optimization.
    """
    lam = np.linalg.eigvalsh(symmetric(Q))
    mu, L = lam[..., 0], lam[..., -1]
    singular = mu <= ROUNDING * L
    return np.where(singular, np.inf, L / np.where(singular, 1.0, mu))[()]


def optimal_step(L: ArrayLike, mu: ArrayLike) -> float | np.ndarray:
    """Return 2/(L + mu), the constant step whose slowest mode is fastest on curvatures from mu to L.

    L and mu broadcast. Raises ValueError unless 0 <= mu <= L and L > 0, all finite.

    >>> float(optimal_step(3.0, 1.0))
    0.5

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Polyak 1987, Introduction to Optimization, section 1.4.
    """
    L, mu = _curvatures(L, mu)
    return 2 / (L + mu)


def contraction_factor(alpha: ArrayLike, L: ArrayLike, mu: ArrayLike) -> float | np.ndarray:
    """Return max(|1 - alpha mu|, |1 - alpha L|), the most that a step leaves of the distance to the minimiser.

    alpha, L and mu broadcast. The step converges where the factor is below 1. Raises ValueError if alpha is
    negative or not finite, or unless 0 <= mu <= L and L > 0.

    >>> [float(contraction_factor(alpha, 3.0, 1.0)) for alpha in (0.25, 0.5, 0.75)]
    [0.75, 0.5, 1.25]

    Source: Polyak 1987, Introduction to Optimization, section 1.4.
    """
    alpha = arguments.step_sizes("alpha", alpha)
    L, mu = _curvatures(L, mu)
    arguments.runs({"alpha": alpha.shape, "L and mu": np.shape(L + mu)})
    return np.maximum(np.abs(1 - alpha * mu), np.abs(1 - alpha * L))


def steps_to_tolerance(kappa: ArrayLike, eps: ArrayLike) -> int | np.ndarray:
    """Return the smallest k >= 1 with ((kappa - 1)/(kappa + 1))^k <= eps: steps until the distance fell to eps.

    The step is the best constant one. kappa >= 1 and 0 < eps < 1 broadcast; two numbers give an int, more give
    an array of them. kappa = 1 gives 1. Raises ValueError if kappa or eps is outside of its range.

    >>> steps_to_tolerance(100.0, 1e-6)
    691

    Source: Polyak 1987, Introduction to Optimization, section 1.4.
    """
    kappa, eps = arguments.array("kappa", kappa), arguments.array("eps", eps)
    if kappa.min() < 1:
        raise ValueError(f"kappa must be >= 1, got {kappa.min():g}")
    if eps.min() <= 0 or eps.max() >= 1:
        raise ValueError(f"eps must be > 0 and < 1, got {eps[(eps <= 0) | (eps >= 1)][0]:g}")
    arguments.runs({"kappa": kappa.shape, "eps": eps.shape})
    with np.errstate(divide="ignore"):  # kappa = 1: the log is -inf, the ratio 0
        log_rate = -2 * np.arctanh(
            1 / kappa
        )  # log of (kappa - 1)/(kappa + 1), with all digits for large kappa
    ratio = np.log(eps) / log_rate
    whole = np.round(ratio)
    # The quotient of two rounded logarithms may miss a whole number by a hair where it is one.
    tie = np.abs(ratio - whole) <= 1e-14 * whole
    k = np.maximum(np.where(tie, whole, np.ceil(ratio)), 1).astype(int)
    return k if k.ndim else int(k)


def exact_line_search(Q: ArrayLike, b: ArrayLike, x0: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha g, g = Q x[k] - b, alpha = g'g / g'Qg, of f(x) = x'Qx/2 - b'x.

    Each alpha is the best one for its own step. x0 (..., d) holds a start per run, Q is (d, d), b (d,); the
    path has shape (n_steps + 1, ..., d) and stays where g = 0. Raises ValueError if Q is not symmetric
    positive definite, if n_steps is not a whole number >= 0, or if the shapes do not fit.

    >>> exact_line_search([[1.0, 0.0], [0.0, 3.0]], [0.0, 0.0], [3.0, 1.0], 2)
    array([[ 3.  ,  1.  ],
           [ 1.5 , -0.5 ],
           [ 0.75,  0.25]])

    Source: Cauchy 1847, Comptes rendus 25; Akaike 1959, Ann. Inst. Statist. Math. 11.
    """
    x, _ = new_path(x0, 0.0, n_steps)
    Q = symmetric(Q, x.shape[-1], definite=True)
    b = arguments.array("b", b, shape=Q.shape[:1])
    for k in range(n_steps):
        g = x[k] @ Q - b  # Q is symmetric: x @ Q is Qx, and works for many x at once
        slope, bend = np.sum(g * g, axis=-1, keepdims=True), np.sum(g * (g @ Q), axis=-1, keepdims=True)
        alpha = np.where(bend > 0, slope, 0) / np.where(bend > 0, bend, 1)  # no step where g = 0
        x[k + 1] = x[k] - alpha * g
    return x


def mode_errors(Q: ArrayLike, x0: ArrayLike, alpha: ArrayLike, n_steps: int) -> np.ndarray:
    """Return (1 - alpha lam_i)^k c_i, the path of gradient descent on x'Qx/2 seen along the eigenvectors of Q.

    lam are the eigenvalues of Q (d, d), ascending, and c = V'x0 the coefficients of x0 (..., d) for the
    eigenvectors, the columns of V; their signs are arbitrary. alpha (...) broadcasts with the runs of x0; the
    result has shape (n_steps + 1, ..., d). Raises ValueError as `condition_number` and `gradient_descent` do.

    >>> mode_errors([[1.0, 0.0], [0.0, 4.0]], [8.0, 8.0], 0.5, 2)
    array([[ 8.,  8.],
           [ 4., -8.],
           [ 2.,  8.]])

    Source: Richardson 1911, Phil. Trans. R. Soc. A 210; Goh 2017, Why Momentum Really Works, Distill.
    """
    errors, alpha = new_path(x0, alpha, n_steps)
    lam, V = np.linalg.eigh(symmetric(Q, errors.shape[-1]))
    errors[0] = errors[0] @ V
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging mode goes on, to inf
        for k in range(n_steps):
            errors[k + 1] = (1 - alpha * lam) * errors[k]
    return errors


def symmetric(Q: ArrayLike, d: int | None = None, definite: bool = False) -> np.ndarray:
    """Return Q = Q' (..., d, d) as floats; its eigenvalues are >= 0, or > 0 if it has to be `definite`.

    Where d is given, Q is one matrix of that size. An eigenvalue below 1e-12 of the largest counts as zero.
    Raises ValueError if Q is not finite, of another shape, not symmetric or not positive (semi)definite.

    >>> symmetric([[2, 1], [0, 2]])
    Traceback (most recent call last):
    ValueError: Q must be a symmetric matrix, got [[2.0, 1.0], [0.0, 2.0]]

    Source: Golub and Van Loan 2013, Matrix Computations, section 8.1 (for what symmetry gives).
    """
    return arguments.semidefinite("Q", Q, d, definite, many=d is None)


def _curvatures(L, mu):
    L, mu = arguments.array("L", L), arguments.array("mu", mu)
    if L.min() <= 0:
        raise ValueError(f"L must be > 0, got {L.min():g}")
    arguments.runs({"L": L.shape, "mu": mu.shape})
    if mu.min() < 0 or np.any(mu > L):
        raise ValueError(f"mu must be >= 0 and <= L, got mu = {mu.tolist()} with L = {L.tolist()}")
    return L, mu
