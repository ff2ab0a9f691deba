"""Heavy ball and Nesterov: gradient descent with a memory of its last step, and the matrices that say how fast.

Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run. Momentum is
undamped here: the gradient enters with its full weight, and the first step is one of gradient descent.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.conditioning import steps_to_tolerance, symmetric
from helpers.descent import new_path


def heavy_ball_step(
    x: ArrayLike, x_previous: ArrayLike, g: ArrayLike, alpha: ArrayLike, beta: ArrayLike
) -> np.ndarray:
    """Return x - alpha g + beta (x - x_previous), one step of the heavy ball, as a new array.

    x, x_previous and the gradient g at x (..., d), alpha and beta (...) broadcast. Raises ValueError if alpha or
    beta is negative or not finite, or if the shapes do not fit. PyTorch keeps the velocity v = beta v + g and
    steps by -alpha v, which is the same for a constant alpha; the damped form weighs g by 1 - beta.

    >>> heavy_ball_step([2.0, 1.0], [3.0, 1.0], [4.0, -2.0], alpha=0.25, beta=0.5)
    array([0.5, 1.5])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    x, previous, g = (
        arguments.points(name, value) for name, value in (("x", x), ("x_previous", x_previous), ("g", g))
    )
    alpha, beta = (
        arguments.step_sizes("alpha", alpha)[..., None],
        arguments.step_sizes("beta", beta)[..., None],
    )
    shapes = {"x": x.shape, "x_previous": previous.shape, "g": g.shape}
    arguments.runs({**shapes, "alpha": alpha.shape, "beta": beta.shape})
    with np.errstate(over="ignore", invalid="ignore"):
        return x - alpha * g + beta * (x - previous)


def heavy_ball(grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha grad(x[k]) + beta (x[k] - x[k - 1]) from x[-1] = x[0] = x0.

    x0 (..., d), alpha (...) and beta (...) broadcast: a run per start, step size and momentum; the path has shape
    (n_steps + 1, ..., d). A diverging run keeps its shape, with inf and nan in it. Raises ValueError if alpha or
    beta is negative or not finite, if n_steps is not a whole number >= 0, or if the shapes do not fit.

    >>> heavy_ball(lambda x: x, [8.0], 0.5, 0.25, 2)
    array([[8.],
           [4.],
           [1.]])

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4.
    """
    x, alpha, beta = momentum_path(x0, alpha, beta, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):  # a diverging run goes on, to inf and nan
        for k in range(n_steps):
            last_step = x[k] - x[max(k - 1, 0)]
            x[k + 1] = x[k] - alpha * grad(x[k]) + beta * last_step
    return x


def nesterov(grad: Callable, x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = y - alpha grad(y), y = x[k] + beta (x[k] - x[k - 1]), from x[-1] = x[0] = x0.

    The gradient is taken at the look-ahead point y; the path holds the x. Shapes and errors are those of
    `heavy_ball`. PyTorch keeps y instead of x; TensorFlow's velocity has the other sign.

    >>> nesterov(lambda x: x, [8.0], 0.5, 0.25, 2)
    array([[8. ],
           [4. ],
           [1.5]])

    Source: Nesterov 1983, Soviet Math. Dokl. 27; Nesterov 2004, Introductory Lectures on Convex Optimization.
    """
    x, alpha, beta = momentum_path(x0, alpha, beta, n_steps)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            y = x[k] + beta * (x[k] - x[max(k - 1, 0)])
            x[k + 1] = y - alpha * grad(y)
    return x


def momentum_path(
    x0: ArrayLike, alpha: ArrayLike, beta: ArrayLike, n_steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a path with x[0] = x0 and room for n_steps more, alpha and beta in shapes to multiply points with.

    The path has shape (n_steps + 1, ..., d), with a run for each point of x0 (..., d), each alpha (...) and each
    beta (...), broadcast. Raises ValueError as `heavy_ball` does.

    >>> x, alpha, beta = momentum_path([1, 2], 0.1, [0.0, 0.5, 0.9], 10)
    >>> x.shape, alpha.shape, beta.shape
    ((11, 3, 2), (3, 2), (3, 1))

    Source: the course's own layout of paths.
    """
    alpha, beta = arguments.step_sizes("alpha", alpha), arguments.step_sizes("beta", beta)
    settings = arguments.runs({"alpha": alpha.shape, "beta": beta.shape})
    x, alpha = new_path(x0, np.broadcast_to(alpha, settings), n_steps)
    return x, alpha, beta[..., None]


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
