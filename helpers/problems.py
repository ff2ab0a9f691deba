"""Landscapes to walk on: each problem carries its function, derivatives, constants and a good view of itself.

To add one, write a constructor under `@registered` that returns a `Problem`, with a description of plain
numbers, arrays and strings that `build` can call it with; then add one line to PROBLEMS in
tests/test_methods.py, which holds it to every contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from helpers import arguments

ROUNDING = 1e-12  # an eigenvalue below this share of the largest counts as zero
# A run that diverges may reach inf and nan; they are results here, not accidents.
silent = np.errstate(over="ignore", invalid="ignore")


@dataclass(frozen=True, eq=False)
class Problem:
    """A function to minimise, with what is known about it.

    `f`, `grad` and `hess` take points of shape (..., d) and return (...), (..., d) and (..., d, d).
    `L` bounds the curvature, |grad(x) - grad(y)| <= L |x - y|, and is None where there is no bound;
    `mu` is the strong convexity constant, 0 for a convex function without it, None for a non-convex one.

    >>> bowl = parabola(curvature=2.0)
    >>> bowl.f(np.array([3.0])), bowl.grad(np.array([3.0]))
    (np.float64(9.0), array([6.]))

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization (for L and mu).
    """

    name: str
    f: Callable
    grad: Callable
    hess: Callable | None
    dim: int
    L: float | None
    mu: float | None
    minimiser: np.ndarray | None
    window: tuple | None
    x0: np.ndarray
    convex: bool
    description: dict


CONSTRUCTORS: dict[str, Callable[..., Problem]] = {}


def registered(constructor):
    CONSTRUCTORS[constructor.__name__] = constructor
    return constructor


def describe(kind, **given):
    return {"problem": kind, "arguments": {name: value for name, value in given.items() if value is not None}}


def build(description: dict) -> Problem:
    """Rebuild a problem from its description, `build(p.description)` being p again, to the last bit.

    Raises ValueError for a description of another form, or of a kind or arguments that are not known.

    >>> build({"problem": "parabola", "arguments": {"curvature": 4.0}}).L
    4.0
    """
    if not isinstance(description, dict) or set(description) != {"problem", "arguments"}:
        raise ValueError(f"a description must have the keys 'problem' and 'arguments', got {description!r}")
    kind, given = description["problem"], description["arguments"]
    if kind not in CONSTRUCTORS:
        raise ValueError(f"problem must be one of {', '.join(sorted(CONSTRUCTORS))}, got {kind!r}")
    return CONSTRUCTORS[kind](**given)


def frozen(values):
    values = np.array(values, dtype=float)
    values.setflags(write=False)
    return values


def view_around(centre, x0):
    """Return a square window about `centre` that shows `x0` with some room."""
    half = 1.4 * np.max(np.abs(x0 - centre))
    return tuple((float(c - half), float(c + half)) for c in centre)


def quadratic_from(name, Q, b, L, mu, minimiser, x0, description):
    @silent
    def f(x):
        x = np.asarray(x, dtype=float)
        return 0.5 * np.sum(x * (x @ Q), axis=-1) - x @ b

    @silent
    def grad(x):
        return np.asarray(x, dtype=float) @ Q - b  # Q is symmetric, so rows x @ Q are Q x

    def hess(x):
        return np.broadcast_to(Q, (*np.shape(x)[:-1], *Q.shape))

    d = len(b)
    centre = x0 if minimiser is None else minimiser
    window = view_around(centre, x0 if minimiser is not None else x0 + 1) if d <= 2 else None
    return Problem(name, f, grad, hess, d, L, mu, minimiser, window, frozen(x0), True, description)


def away(d):
    """Return where to start from a minimiser: far along the first axis, closer along the others."""
    return np.array([-3.0, *[1.5] * (d - 1)])


@registered
def quadratic(Q, b=None) -> Problem:
    """Return f(x) = x'Qx/2 - b'x for a symmetric positive semidefinite Q (d, d) and b (d,), zero if not given.

    L and mu are the largest and smallest eigenvalue. The minimiser is the one of smallest norm where there
    are many, and None where f has no lower bound. Raises ValueError if Q or b do not fit.

    >>> quadratic([[2.0, 0.0], [0.0, 8.0]]).L
    8.0

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    Q = arguments.array("Q", Q, ndim=2)
    if Q.shape[0] != Q.shape[1] or np.max(np.abs(Q - Q.T)) > ROUNDING * np.max(np.abs(Q)):
        raise ValueError(f"Q must be a symmetric matrix, got shape {Q.shape} and values\n{Q}")
    b = arguments.array("b", np.zeros(len(Q)) if b is None else b, shape=(len(Q),))
    eigenvalues = np.linalg.eigvalsh(Q)
    L = float(eigenvalues[-1])
    if eigenvalues[0] < -ROUNDING * max(L, 0):
        raise ValueError(f"Q must be positive semidefinite, got a smallest eigenvalue of {eigenvalues[0]:g}")
    mu = float(eigenvalues[0]) if eigenvalues[0] > ROUNDING * L else 0.0
    lowest = np.linalg.lstsq(Q, b, rcond=ROUNDING)[0]
    bounded = np.linalg.norm(Q @ lowest - b) <= 1e-9 * np.linalg.norm(b)
    minimiser = frozen(lowest) if bounded else None
    x0 = away(len(b)) + (lowest if bounded else 0)
    return quadratic_from("quadratic", Q, b, L, mu, minimiser, x0, describe("quadratic", Q=Q, b=b))


@registered
def quadratic_with_spectrum(eigenvalues, angle=0.0, rng=None, minimiser=None, basis=None) -> Problem:
    """Return the quadratic with these eigenvalues (d,), all >= 0, and this minimiser (d,), zero if not given.

    The eigenvectors are the axes turned by `angle` (radians, two dimensions), or drawn uniformly from `rng`,
    or the columns of the orthogonal matrix `basis`. Raises ValueError if the arguments do not fit.

    >>> valley = quadratic_with_spectrum([1.0, 25.0], angle=np.pi / 6)
    >>> valley.L, valley.mu
    (25.0, 1.0)

    Source: Stewart 1980, SIAM J. Numer. Anal. 17 (random orthogonal matrices).
    """
    lam = arguments.array("eigenvalues", eigenvalues, ndim=1)
    d = len(lam)
    if (lam < 0).any():
        raise ValueError(f"eigenvalues must be >= 0, got {lam.min()}")
    angle = arguments.number("angle", angle)
    if angle and (d != 2 or rng is not None or basis is not None):
        raise ValueError(
            f"angle must be 0 but in two dimensions without rng and basis, got {angle} and d = {d}"
        )
    if rng is not None:
        # The signs make the distribution uniform: QR alone prefers some orthogonal matrices.
        basis, R = np.linalg.qr(rng.standard_normal((d, d)))
        basis = basis * np.sign(np.diag(R))
    if basis is not None:
        basis = arguments.array("basis", basis, shape=(d, d))
        if np.max(np.abs(basis.T @ basis - np.eye(d))) > 1e-10:
            raise ValueError(f"basis must be an orthogonal matrix, got\n{basis}")
        V = basis
    elif angle:
        V = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    else:
        V = np.eye(d)
    centre = arguments.array("minimiser", np.zeros(d) if minimiser is None else minimiser, shape=(d,))
    Q = (V * lam) @ V.T
    Q = frozen((Q + Q.T) / 2)
    what = describe("quadratic_with_spectrum", eigenvalues=lam, angle=angle, minimiser=centre, basis=basis)
    name = "quadratic valley" if d == 2 else f"quadratic in {d} dimensions"
    x0 = centre + V @ away(d)
    return quadratic_from(name, Q, frozen(centre @ Q), float(lam.max()), float(lam.min()), centre, x0, what)


@registered
def cost_surface() -> Problem:
    """Return C(x, y) = 2(x - 3)^2 + (y + 1)^2 + 2xy, the worked example of the course, lowest at (7, -8).

    >>> cost_surface().grad(np.array([1.0, 1.0]))
    array([-6.,  6.])

    Source: the course's own example; its steepest descent is Cauchy's method of 1847.
    """
    H = frozen([[4, 2], [2, 2]])

    @silent
    def f(x):
        x, y = np.moveaxis(np.asarray(x, dtype=float), -1, 0)
        return 2 * (x - 3) ** 2 + (y + 1) ** 2 + 2 * x * y

    @silent
    def grad(x):
        x, y = np.moveaxis(np.asarray(x, dtype=float), -1, 0)
        return np.stack([4 * (x - 3) + 2 * y, 2 * (y + 1) + 2 * x], axis=-1)

    def hess(x):
        return np.broadcast_to(H, (*np.shape(x)[:-1], 2, 2))

    L, mu = 3 + np.sqrt(5), 3 - np.sqrt(5)
    window = ((-1.0, 13.0), (-14.0, 4.0))
    what = describe("cost_surface")
    return Problem(
        "cost surface",
        f,
        grad,
        hess,
        2,
        float(L),
        float(mu),
        frozen([7, -8]),
        window,
        frozen([1, 1]),
        True,
        what,
    )


@registered
def parabola(curvature=1.0) -> Problem:
    """Return f(x) = curvature x^2 / 2 in one dimension, so that L = mu = curvature > 0.

    Raises ValueError if the curvature is not positive.

    >>> parabola(2.0).hess(np.array([5.0]))
    array([[2.]])

    Source: Cauchy 1847, Comptes rendus 25 (the method whose simplest case this is).
    """
    curvature = arguments.number("curvature", curvature, low=0, open_low=True)
    Q, zero = frozen([[curvature]]), frozen([0])
    what = describe("parabola", curvature=curvature)
    return quadratic_from("parabola", Q, zero, curvature, curvature, zero, np.array([2.0]), what)


@registered
def wavy(curvature=0.2, amplitude=1.0, frequency=2.0) -> Problem:
    """Return f(x) = curvature x^2/2 + amplitude sin(frequency x) in one dimension: a bowl with ripples.

    Its curvature lies within curvature -+ amplitude frequency^2, so L is the upper end; it is convex only if the
    lower end is not negative. Raises ValueError if an argument is negative, or curvature or frequency is zero.

    >>> wavy(curvature=0.5, amplitude=1.0, frequency=2.0).L
    4.5

    Source: a one-dimensional cousin of Rastrigin's function, 1974.
    """
    c = arguments.number("curvature", curvature, low=0, open_low=True)
    a = arguments.number("amplitude", amplitude, low=0)
    w = arguments.number("frequency", frequency, low=0, open_low=True)

    @silent
    def f(x):
        x = np.asarray(x, dtype=float)[..., 0]
        return c * x**2 / 2 + a * np.sin(w * x)

    @silent
    def grad(x):
        x = np.asarray(x, dtype=float)
        return c * x + a * w * np.cos(w * x)

    @silent
    def hess(x):
        x = np.asarray(x, dtype=float)[..., None]
        return c - a * w**2 * np.sin(w * x)

    # f(0) = 0 and f(x) >= c x^2/2 - a, so no lower point lies further out than this.
    reach = np.sqrt(2 * a / c)
    grid = np.linspace(-reach, reach, 64 * int(np.ceil(1 + reach * w)) + 1)[:, None]
    x = grid[np.argmin(f(grid))]
    for _ in range(20):  # Newton's method, from inside the lowest valley
        x = x - np.linalg.solve(hess(x), grad(x)) if hess(x)[0, 0] > 0 else x
    low, high = c - a * w**2, c + a * w**2
    convex, half = low >= 0, max(reach, 2 * np.pi / w) * 1.6
    what = describe("wavy", curvature=c, amplitude=a, frequency=w)
    return Problem(
        "wavy", f, grad, hess, 1, high, low if convex else None, frozen(x), ((-half, half),),
        frozen([0.8 * half]), convex, what,
    )  # fmt: skip


@registered
def rosenbrock(a=1.0, b=100.0) -> Problem:
    """Return f(x, y) = (a - x)^2 + b (y - x^2)^2, a curved valley, lowest at (a, a^2); its curvature has no bound.

    Raises ValueError if b is not positive.

    >>> rosenbrock().f(np.array([1.0, 1.0]))
    np.float64(0.0)

    Source: Rosenbrock 1960, The Computer Journal 3.
    """
    a, b = arguments.number("a", a), arguments.number("b", b, low=0, open_low=True)

    @silent
    def f(x):
        x, y = np.moveaxis(np.asarray(x, dtype=float), -1, 0)
        return (a - x) ** 2 + b * (y - x**2) ** 2

    @silent
    def grad(x):
        x, y = np.moveaxis(np.asarray(x, dtype=float), -1, 0)
        return np.stack([-2 * (a - x) - 4 * b * x * (y - x**2), 2 * b * (y - x**2)], axis=-1)

    @silent
    def hess(x):
        x, y = np.moveaxis(np.asarray(x, dtype=float), -1, 0)
        xx, xy, yy = 2 - 4 * b * y + 12 * b * x**2, -4 * b * x, np.full_like(x, 2 * b)
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)

    window, what = ((-2.0, 2.0), (-1.0, 3.0)), describe("rosenbrock", a=a, b=b)
    return Problem(
        "Rosenbrock", f, grad, hess, 2, None, None, frozen([a, a * a]), window, frozen([-1.2, 1]), False, what
    )


def data(X, y, ridge):
    X = arguments.array("X", X, ndim=2)
    return X, arguments.array("y", y, shape=(len(X),)), arguments.number("ridge", ridge, low=0)


@registered
def logistic(X, y, ridge=0.0) -> Problem:
    """Return f(w) = mean_i log(1 + exp(-y_i x_i'w)) + ridge |w|^2 / 2 for X (n, d) and labels y (n,) of +1 or -1.

    L = lambda_max(X'X)/(4n) + ridge, attained at w = 0, and mu = ridge. Margins of any size are safe. The
    minimiser is found by Newton's method if ridge > 0; without ridge there may be none. Raises ValueError if
    the data do not fit, or ridge is negative.

    >>> logistic([[2.0], [-2.0]], [1, -1]).L
    1.0

    Source: Boehning 1992, Ann. Inst. Statist. Math. 44 (the factor 1/4).
    """
    X, y, ridge = data(X, y, ridge)
    if not np.isin(y, (-1, 1)).all():
        raise ValueError(f"y must hold the labels +1 and -1, got {y[~np.isin(y, (-1, 1))][0]:g}")
    return logistic_from("logistic regression", X, y, ridge, describe("logistic", X=X, y=y, ridge=ridge))


def logistic_from(name, X, y, ridge, description):
    n, d = X.shape
    Z = y[:, None] * X

    @silent
    def f(w):
        w = np.asarray(w, dtype=float)
        return np.mean(np.logaddexp(0, -(w @ Z.T)), axis=-1) + ridge * np.sum(w * w, axis=-1) / 2

    @silent
    def grad(w):
        w = np.asarray(w, dtype=float)
        wrong = np.exp(-np.logaddexp(0, w @ Z.T))  # 1/(1 + e^margin), without overflow
        return ridge * w - wrong @ Z / n

    @silent
    def hess(w):
        w = np.asarray(w, dtype=float)
        wrong = np.exp(-np.logaddexp(0, w @ Z.T))
        return (Z.T * (wrong * (1 - wrong))[..., None, :]) @ Z / n + ridge * np.eye(d)

    L = float(np.linalg.eigvalsh(X.T @ X)[-1] / (4 * n) + ridge)
    lowest = newton(f, grad, hess, np.zeros(d)) if ridge > 0 else None
    centre = np.zeros(d) if lowest is None else lowest
    x0 = centre + away(d)
    window = view_around(centre, x0) if d <= 2 else None
    x0 = np.zeros(d) if d > 2 else x0
    return Problem(name, f, grad, hess, d, L, ridge, lowest, window, frozen(x0), True, description)


def newton(f, grad, hess, x):
    for _ in range(100):
        step = np.linalg.solve(hess(x), grad(x))
        while f(x - step) > f(x):  # halve until it descends, as far as rounding can tell
            step = step / 2
        if np.array_equal(x - step, x) or np.linalg.norm(step) <= 1e-15 * np.linalg.norm(x):
            break
        x = x - step
    return frozen(x)


@registered
def least_squares(X, y, ridge=0.0) -> Problem:
    """Return f(w) = |Xw - y|^2/(2n) + ridge |w|^2 / 2 for X (n, d) and y (n,).

    L and mu are the extreme eigenvalues of X'X/n plus ridge; the minimiser is the one of smallest norm where
    there are many. Raises ValueError if the data do not fit, or ridge is negative.

    >>> least_squares([[1.0], [1.0]], [1.0, 3.0]).minimiser
    array([2.])

    Source: Gauss 1809 and Legendre 1805; with ridge Hoerl and Kennard 1970, Technometrics 12.
    """
    X, y, ridge = data(X, y, ridge)
    return least_squares_from("least squares", X, y, ridge, describe("least_squares", X=X, y=y, ridge=ridge))


def least_squares_from(name, X, y, ridge, description):
    n, d = X.shape
    Q = frozen(X.T @ X / n + ridge * np.eye(d))

    @silent
    def f(w):
        w = np.asarray(w, dtype=float)
        residual = w @ X.T - y
        return np.sum(residual**2, axis=-1) / (2 * n) + ridge * np.sum(w * w, axis=-1) / 2

    @silent
    def grad(w):
        w = np.asarray(w, dtype=float)
        return (w @ X.T - y) @ X / n + ridge * w

    def hess(w):
        return np.broadcast_to(Q, (*np.shape(w)[:-1], d, d))

    s = np.zeros(d)
    singular = np.linalg.svd(X, compute_uv=False)
    s[: len(singular)] = np.where(singular > 1e-6 * singular.max(), singular, 0)  # squared, 1e-12 of L
    curvatures = s**2 / n + ridge
    # Rows sqrt(n ridge) I below X make the ridge part of the squares.
    stacked = np.vstack([X, np.sqrt(n * ridge) * np.eye(d)])
    lowest = frozen(np.linalg.lstsq(stacked, np.concatenate([y, np.zeros(d)]), rcond=None)[0])
    x0 = lowest + away(d) if d <= 2 else np.zeros(d)
    window = view_around(lowest, x0) if d <= 2 else None
    L, mu = float(curvatures.max()), float(curvatures.min())
    return Problem(name, f, grad, hess, d, L, mu, lowest, window, frozen(x0), True, description)


@lru_cache
def real_data(which):
    from sklearn import datasets

    X, y = getattr(datasets, f"load_{which}")(return_X_y=True)
    return frozen((X - X.mean(axis=0)) / X.std(axis=0)), frozen(y)


@registered
def breast_cancer_logistic(n_features=30, ridge=0.0) -> Problem:
    """Return logistic regression on the first columns of the Wisconsin breast cancer data (n = 569), benign +1.

    Each column is shifted to mean 0 and scaled to deviation 1: raw areas reach 2500 where raw smoothness stays
    below 0.2, and L would measure the choice of units instead of the data. Raises ValueError if n_features is
    not within 1 to 30, or ridge is negative.

    >>> breast_cancer_logistic(n_features=2).dim
    2

    Source: Street, Wolberg and Mangasarian 1993; bundled with scikit-learn.
    """
    n_features, ridge = columns(n_features, 30), arguments.number("ridge", ridge, low=0)
    X, benign = real_data("breast_cancer")
    what = describe("breast_cancer_logistic", n_features=n_features, ridge=ridge)
    return logistic_from(
        "breast cancer, logistic", frozen(X[:, :n_features]), frozen(2 * benign - 1), ridge, what
    )


@registered
def diabetes_least_squares(n_features=10, ridge=0.0) -> Problem:
    """Return least squares on the first columns of the diabetes data (n = 442), columns and target standardised.

    Each column is shifted to mean 0 and scaled to deviation 1, so that no weight is penalised for its unit and
    no intercept is needed; the target likewise, so that f(0) = 1/2. Raises ValueError if n_features is not
    within 1 to 10, or ridge is negative.

    >>> float(diabetes_least_squares().f(np.zeros(10)).round(12))
    0.5

    Source: Efron, Hastie, Johnstone and Tibshirani 2004, Ann. Statist. 32; bundled with scikit-learn.
    """
    n_features, ridge = columns(n_features, 10), arguments.number("ridge", ridge, low=0)
    X, y = real_data("diabetes")
    y = frozen((y - y.mean()) / y.std())
    what = describe("diabetes_least_squares", n_features=n_features, ridge=ridge)
    return least_squares_from("diabetes, least squares", frozen(X[:, :n_features]), y, ridge, what)


def columns(n_features, most):
    count = arguments.whole_number("n_features", n_features, low=1)
    if count > most:
        raise ValueError(f"n_features must be at most {most}, got {n_features!r}")
    return count
