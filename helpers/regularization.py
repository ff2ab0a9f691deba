"""Least squares with a ridge: what it adds, what it costs, and how stopping early does much the same.

The convention is that of the course: f(w) = |Aw - b|^2/(2n) + lam |w|^2/2 for A of shape (n, d). Statistics
software often minimises |Aw - b|^2 + lam |w|^2 instead; its lam is n times the one here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments

ROUNDING = 1e-12  # a curvature below this share of the largest counts as zero


def ridge_loss(w: ArrayLike, A: ArrayLike, b: ArrayLike, lam: ArrayLike) -> float | np.ndarray:
    """Return |Aw - b|^2/(2n) + lam |w|^2/2, the mean squared residual and the price of long weights.

    w (..., d) and lam (...) broadcast; A is (n, d), b is (n,). The result has shape (...). Raises ValueError if
    lam is negative, or if the shapes do not fit.

    >>> float(ridge_loss([1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]], [3.0, 2.0], 0.4))
    2.0

    Source: Tikhonov 1963, Soviet Math. Dokl. 4; Hoerl and Kennard 1970, Technometrics 12.
    """
    w, A, b, lam = checked(w, A, b, lam)
    with np.errstate(over="ignore", invalid="ignore"):
        r = w @ A.T - b
        return np.sum(r * r, axis=-1) / (2 * len(A)) + lam * np.sum(w * w, axis=-1) / 2


def ridge_gradient(w: ArrayLike, A: ArrayLike, b: ArrayLike, lam: ArrayLike) -> np.ndarray:
    """Return A'(Aw - b)/n + lam w, the gradient of `ridge_loss`, shape (..., d).

    w (..., d) and lam (...) broadcast; A is (n, d), b is (n,). Raises ValueError if lam is negative, or if the
    shapes do not fit.

    >>> ridge_gradient([1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]], [3.0, 2.0], 0.5)
    array([-0.5,  1. ])

    Source: Hoerl and Kennard 1970, Technometrics 12.
    """
    w, A, b, lam = checked(w, A, b, lam)
    with np.errstate(over="ignore", invalid="ignore"):
        r = w @ A.T - b
        return r @ A / len(A) + lam[..., None] * w


def ridge_constants(A: ArrayLike, lam: ArrayLike) -> tuple:
    """Return (L, mu, kappa) of `ridge_loss`: the extreme eigenvalues of A'A/n, each plus lam, and L/mu.

    A is (n, d); lam (...) gives results of shape (...). An eigenvalue of A'A/n below 1e-12 of the largest
    counts as zero, and kappa is inf where mu is 0. Raises ValueError if lam is negative or A is not finite.

    >>> [float(value) for value in ridge_constants([[2.0, 0.0], [0.0, 0.0]], 0.5)]
    [2.5, 0.5, 5.0]

    Source: Hoerl and Kennard 1970, Technometrics 12.
    """
    A, lam = arguments.array("A", A, ndim=2), _weights("lam", lam)
    n, d = A.shape
    s2 = np.zeros(d)  # fewer rows than columns leave directions without any curvature
    s2[: min(n, d)] = np.linalg.svd(A, compute_uv=False) ** 2 / n
    s2[s2 <= ROUNDING * s2[0]] = 0
    L, mu = s2[0] + lam, s2[-1] + lam
    flat = mu == 0
    return L[()], mu[()], np.where(flat, np.inf, L / np.where(flat, 1, mu))[()]


def choose_ridge(L: ArrayLike, mu: ArrayLike, kappa: ArrayLike) -> float | np.ndarray:
    """Return max(0, (L - kappa mu)/(kappa - 1)), the smallest lam >= 0 with (L + lam)/(mu + lam) <= kappa.

    L, mu and kappa broadcast. Raises ValueError unless 0 <= mu <= L, L > 0 and kappa > 1.

    >>> float(choose_ridge(1.0, 0.0, 101.0)), float(choose_ridge(2.0, 1.0, 5.0))
    (0.01, 0.0)

    Source: derived in the lesson; Golub and Van Loan 2013, Matrix Computations, section 6.1 (ridge regression).
    """
    L, mu, kappa = arguments.array("L", L), arguments.array("mu", mu), arguments.array("kappa", kappa)
    if L.min() <= 0:
        raise ValueError(f"L must be > 0, got {L.min():g}")
    if kappa.min() <= 1:
        raise ValueError(f"kappa must be > 1, got {kappa.min():g}")
    arguments.runs({"L": L.shape, "mu": mu.shape, "kappa": kappa.shape})
    if mu.min() < 0 or np.any(mu > L):
        raise ValueError(f"mu must be >= 0 and <= L, got mu = {mu.tolist()} with L = {L.tolist()}")
    return np.maximum(0.0, (L - kappa * mu) / (kappa - 1))


def is_linear(gaps: ArrayLike) -> bool:
    """Return whether gaps f(x_k) - f*, k = 0, 1, ..., fall like rate^k and not like a power of 1/k.

    In the last half, where the final behaviour shows, log gap is fitted by a line in k and by a line in log k;
    the better fit decides. gaps (n,), n >= 40. Raises ValueError if they are fewer, or not all finite and > 0.

    >>> k = np.arange(100)
    >>> is_linear(0.9**k), is_linear(5 / (k + 1))
    (True, False)

    Source: the course's own; Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2 (the rates).
    """
    gaps = arguments.array("gaps", gaps, ndim=1)
    if len(gaps) < 40:
        raise ValueError(f"gaps must hold at least 40 values, got {len(gaps)}")
    if gaps.min() <= 0:
        raise ValueError(f"gaps must be > 0, got {gaps.min():g} in it")
    k = np.arange(len(gaps) // 2, len(gaps))
    log_gap = np.log(gaps[k])
    return left_by_a_line(k, log_gap) < left_by_a_line(np.log(k), log_gap)


def left_by_a_line(x: ArrayLike, y: ArrayLike) -> float:
    """Return the sum of squares that the best straight line through points (x, y) leaves of y, both (n,).

    >>> round(left_by_a_line([0.0, 1.0, 2.0], [0.0, 3.0, 0.0]), 12)
    6.0

    Source: Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes.
    """
    x, y = x - np.mean(x), y - np.mean(y)
    return float(np.sum((y - x * (x @ y) / (x @ x)) ** 2))


def early_stopping_filter(s: ArrayLike, alpha: ArrayLike, n_steps: int) -> np.ndarray:
    """Return 1 - (1 - alpha s^2)^n_steps, the share of a least squares solution that is there after n_steps.

    Gradient descent from 0 with step alpha, seen along the right singular vectors of A/sqrt(n) with singular
    values s; s and alpha broadcast. Raises ValueError if s is negative, alpha is negative, or n_steps is not a
    whole number >= 0.

    >>> early_stopping_filter([1.0, 0.5, 0.0], 1.0, 2)
    array([1.    , 0.4375, 0.    ])

    Source: Yao, Rosasco and Caponnetto 2007, Constr. Approx. 26; Landweber 1951, Amer. J. Math. 73.
    """
    s, alpha = _weights("s", s), arguments.step_sizes("alpha", alpha)
    arguments.runs({"s": s.shape, "alpha": alpha.shape})
    with np.errstate(over="ignore"):
        return 1 - (1 - alpha * s**2) ** arguments.whole_number("n_steps", n_steps)


def ridge_filter(s: ArrayLike, lam: ArrayLike) -> np.ndarray:
    """Return s^2/(s^2 + lam), the share of the least squares solution that a ridge leaves, and 0 where s = 0.

    s are singular values of A/sqrt(n), lam is the ridge weight; they broadcast. Raises ValueError if s or lam
    is negative or not finite.

    >>> ridge_filter([2.0, 1.0, 0.0], 1.0)
    array([0.8, 0.5, 0. ])

    Source: Hoerl and Kennard 1970, Technometrics 12; Hansen 1998, Rank-Deficient and Discrete Ill-Posed Problems.
    """
    s, lam = _weights("s", s), _weights("lam", lam)
    arguments.runs({"s": s.shape, "lam": lam.shape})
    s2 = s**2
    return np.where(s2 > 0, s2, 0) / np.where(s2 > 0, s2 + lam, 1)


def ridge_weights(A: ArrayLike, b: ArrayLike, lam: ArrayLike) -> np.ndarray:
    """Return the minimiser of `ridge_loss`: the shortest least squares solution, filtered by s^2/(s^2 + lam).

    A is (n, d), b is (n,); lam (...) gives weights of shape (..., d), those of `minimum_norm_limit` for
    lam = 0. Raises ValueError if lam is negative, or if the shapes do not fit.

    >>> ridge_weights([[1.0, 0.0], [0.0, 2.0]], [2.0, 2.0], [0.0, 0.5])
    array([[2. , 1. ],
           [1. , 0.8]])

    Source: Hoerl and Kennard 1970, Technometrics 12; Golub and Van Loan 2013, Matrix Computations, section 6.1.
    """
    A = arguments.array("A", A, ndim=2)
    b, lam = arguments.array("b", b, shape=(len(A),)), _weights("lam", lam)
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    seen = s > np.sqrt(ROUNDING) * s[0]
    share = ridge_filter(s[seen] / np.sqrt(len(A)), lam[..., None])
    return (share * (b @ U[:, seen] / s[seen])) @ Vt[seen]


def minimum_norm_limit(A: ArrayLike, b: ArrayLike) -> np.ndarray:
    """Return the shortest w that minimises |Aw - b|, where gradient descent from 0 goes on least squares.

    Every gradient A'(Aw - b)/n is a combination of the rows of A, so a walk from 0 never gets a part that A
    does not see. A is (n, d) of any shape and rank, b is (n,). A singular value below 1e-6 of the largest
    counts as zero, its curvature being below 1e-12. Raises ValueError if the shapes do not fit.

    >>> minimum_norm_limit([[1.0, 1.0]], [2.0]).round(12)
    array([1., 1.])

    Source: Penrose 1956, Proc. Camb. Phil. Soc. 52; Wilson et al. 2017, NIPS 30 (for gradient descent).
    """
    A = arguments.array("A", A, ndim=2)
    b = arguments.array("b", b, shape=(len(A),))
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    seen = s > np.sqrt(ROUNDING) * s[0]
    return (b @ U[:, seen] / s[seen]) @ Vt[seen]


def checked(w: ArrayLike, A: ArrayLike, b: ArrayLike, lam: ArrayLike) -> tuple[np.ndarray, ...]:
    """Return w (..., d), A (n, d), b (n,) and lam (...) as arrays of floats that fit each other.

    Raises ValueError with the name, what was expected and what came, if they do not or if lam is negative.

    >>> [value.shape for value in checked([1, 2], [[1, 0], [0, 1], [1, 1]], [3, 2, 1], 0.5)]
    [(2,), (3, 2), (3,), ()]

    Source: the course's own.
    """
    A = arguments.array("A", A, ndim=2)
    w, b, lam = arguments.points("w", w), arguments.array("b", b, shape=(len(A),)), _weights("lam", lam)
    if w.shape[-1] != A.shape[1]:
        raise ValueError(f"w must have shape (..., {A.shape[1]}) to fit A, got shape {w.shape}")
    arguments.runs({"w": w.shape[:-1], "lam": lam.shape})
    return w, A, b, lam


def _weights(name, value):
    values = arguments.array(name, value)
    if values.min() < 0:
        raise ValueError(f"{name} must be >= 0, got {values.min():g}")
    return values
