"""The matrices that say how fast momentum is on a parabola, and what their eigenvalues tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.conditioning import symmetric
from helpers.momentum.methods import momentum_path


def momentum_matrix(alpha: ArrayLike, beta: ArrayLike, lam: ArrayLike) -> np.ndarray:
    """Return M = [[1 + beta - alpha lam, -beta], [1, 0]], so that (x[k + 1], x[k]) = M (x[k], x[k - 1]).

    M is the heavy ball on the parabola lam x^2/2. alpha, beta and lam broadcast to (...), and M has shape
    (..., 2, 2). Raises ValueError if alpha or beta is negative or one of the three is not finite.

    >>> momentum_matrix(0.5, 0.25, 2.0)
    array([[ 0.25, -0.25],
           [ 1.  ,  0.  ]])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    alpha, beta, lam = _settings(alpha, beta, lam)
    return _companion(1 + beta - alpha * lam, beta)


def nesterov_matrix(alpha: ArrayLike, beta: ArrayLike, lam: ArrayLike) -> np.ndarray:
    """Return [[(1 + beta) c, -beta c], [1, 0]] with c = 1 - alpha lam: `momentum_matrix` for Nesterov's method.

    Shapes and errors are those of `momentum_matrix`.

    >>> nesterov_matrix(0.25, 0.5, 2.0)
    array([[ 0.75, -0.25],
           [ 1.  ,  0.  ]])

    Source: Lessard, Recht and Packard 2016, SIAM J. Optim. 26.
    """
    alpha, beta, lam = _settings(alpha, beta, lam)
    c = 1 - alpha * lam
    return _companion((1 + beta) * c, beta * c)


def _settings(alpha, beta, lam):
    alpha, beta = arguments.step_sizes("alpha", alpha), arguments.step_sizes("beta", beta)
    lam = arguments.array("lam", lam)
    shape = arguments.runs({"alpha": alpha.shape, "beta": beta.shape, "lam": lam.shape})
    return (np.broadcast_to(value, shape) for value in (alpha, beta, lam))


def _companion(trace, determinant):
    """The matrices [[trace, -determinant], [1, 0]], stacked."""
    M = np.zeros((*np.shape(trace), 2, 2))
    M[..., 0, 0], M[..., 0, 1], M[..., 1, 0] = trace, -determinant, 1
    return M


def spectral_radius(M: ArrayLike) -> float | np.ndarray:
    """Return max_i |lambda_i(M)|, the largest absolute value of the eigenvalues, which may be complex.

    M has shape (..., d, d), the result (...). Powers M^k tend to 0 exactly if it is below 1; it is what a step
    leaves in the long run. Raises ValueError if M is not finite or not square.

    >>> round(float(spectral_radius([[0.0, -0.25], [1.0, 0.0]])), 12)
    0.5

    Source: Gelfand 1941, Mat. Sbornik 9 (the limit of |M^k|^(1/k)).
    """
    M = arguments.array("M", M)
    if M.ndim < 2 or M.shape[-1] != M.shape[-2]:
        raise ValueError(f"M must have shape (..., d, d), got shape {M.shape}")
    return np.max(np.abs(np.linalg.eigvals(M)), axis=-1)


def momentum_rate(alpha: ArrayLike, beta: ArrayLike, lam: ArrayLike) -> float | np.ndarray:
    """Return the spectral radius of `momentum_matrix(alpha, beta, lam)`: what the heavy ball leaves of an error.

    It is below 1 exactly if 0 < alpha lam < 2 + 2 beta and beta < 1, and sqrt(beta) where the eigenvalues are
    complex. Shapes and errors are those of `momentum_matrix`, with one number for each matrix.

    >>> round(float(momentum_rate(0.5, 0.81, 1.0)), 12)
    0.9

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    return spectral_radius(momentum_matrix(alpha, beta, lam))


def momentum_regime(alpha: float, beta: float, lam: float) -> str:
    """Return what the heavy ball does on the parabola lam x^2/2, by the eigenvalues of its matrix.

    "diverges" beyond alpha lam = 2 + 2 beta or beta = 1, "no decay" at either and at alpha = 0. Else "under-damped"
    where they are complex, "critical" where they are equal (up to rounding); where they are real, "over-damped" if
    the larger one is positive and "alternates" if it is negative. Raises ValueError unless alpha, beta >= 0 and
    lam > 0, all finite.

    >>> [momentum_regime(0.25, beta, 1.0) for beta in (0.0, 0.25, 0.5, 1.0)], momentum_regime(1.8, 0.02, 1.0)
    (['over-damped', 'critical', 'under-damped', 'no decay'], 'alternates')

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    alpha, beta = arguments.number("alpha", alpha, low=0), arguments.number("beta", beta, low=0)
    step = alpha * arguments.number("lam", lam, low=0, open_low=True)
    if step > 2 + 2 * beta or beta > 1:
        return "diverges"
    if step in (0, 2 + 2 * beta) or beta == 1:
        return "no decay"
    discriminant = (1 + beta - step) ** 2 - 4 * beta
    if abs(discriminant) <= 1e-12:
        return "critical"
    if discriminant < 0:
        return "under-damped"
    return "over-damped" if step < 1 + beta else "alternates"


def momentum_modes(
    Q: ArrayLike, x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int
) -> np.ndarray:
    """Return the path of the heavy ball on x'Qx/2 along the eigenvectors of Q, by powers of its matrices.

    Column i holds the first entry of M_i^k (c_i, c_i), c = V'x0, for the eigenvalues lam_i of Q (d, d), ascending;
    the signs of the eigenvectors V are arbitrary. Shapes and errors are those of `heavy_ball` and of
    `condition_number`; the result has shape (n_steps + 1, ..., d).

    >>> momentum_modes([[1.0, 0.0], [0.0, 2.0]], [8.0, 8.0], 0.5, 0.25, 2)
    array([[ 8.,  8.],
           [ 4.,  0.],
           [ 1., -2.]])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    modes, alpha, beta = momentum_path(x0, alpha, beta, n_steps)
    lam, V = np.linalg.eigh(symmetric(Q, modes.shape[-1]))
    M = momentum_matrix(alpha, beta, lam)  # (..., d, 2, 2)
    modes[0] = modes[0] @ V
    state = np.stack([modes[0], modes[0]], axis=-1)[..., None]
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            state = M @ state
            modes[k + 1] = state[..., 0, 0]
    return modes
