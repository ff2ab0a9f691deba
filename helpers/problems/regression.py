"""Landscapes made of data: logistic regression and least squares, on any data and on two real sets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.problems.problem import (
    Problem,
    away,
    describe,
    frozen,
    newton,
    registered,
    silent,
    view_around,
)


@registered
def logistic(X: ArrayLike, y: ArrayLike, ridge: float = 0.0) -> Problem:
    """Return f(w) = mean_i log(1 + exp(-y_i x_i'w)) + ridge |w|^2/2 for X (n, d) and y (n,) of +1 and -1.

    L = lambda_max(X'X)/(4n) + ridge, attained at w = 0, and mu = ridge; margins of any size are safe. The
    minimiser is found by Newton's method, and is None where that runs off, as it does on separable data
    without ridge. Raises ValueError if the data do not fit or ridge is negative.

    >>> logistic([[2.0], [-2.0]], [1, -1]).L
    1.0

    Source: Böhning 1992, Ann. Inst. Statist. Math. 44 (the factor 1/4).
    """
    X, y, ridge = checked_data(X, y, ridge)
    if not np.isin(y, (-1, 1)).all():
        raise ValueError(f"y must hold the labels +1 and -1, got {y[~np.isin(y, (-1, 1))][0]:g} in it")
    return logistic_from("logistic regression", X, y, ridge, describe("logistic", X=X, y=y, ridge=ridge))


def logistic_from(name, X, y, ridge, description):
    n, d = X.shape
    Z = y[:, None] * X  # so that the margins y_i x_i'w are w @ Z.T

    def wrong(w):
        """The probability 1/(1 + e^margin) of the wrong label; e^margin may be inf, it is then 0."""
        p = np.exp(w @ Z.T)
        p += 1  # in place: for many w at once, making new arrays would take most of the time
        return np.divide(1, p, out=p)

    @silent
    def f(w):
        w = np.asarray(w, dtype=float)
        return np.mean(np.logaddexp(0, -(w @ Z.T)), axis=-1) + ridge * np.sum(w * w, axis=-1) / 2

    @silent
    def grad(w):
        w = np.asarray(w, dtype=float)
        return ridge * w - wrong(w) @ Z / n

    @silent
    def hess(w):
        w = np.asarray(w, dtype=float)
        p = wrong(w)
        return (Z.T * (p * (1 - p))[..., None, :]) @ Z / n + ridge * np.eye(d)

    L = float(np.linalg.eigvalsh(X.T @ X)[-1] / (4 * n) + ridge)
    lowest = newton(grad, hess, np.zeros(d))
    # Where w has run off to infinity the loss no longer curves in directions that the data do speak about.
    if np.linalg.matrix_rank(hess(lowest), tol=1e-13 * L) < (d if ridge > 0 else np.linalg.matrix_rank(X)):
        lowest = None
    return seen_from_zero(name, f, grad, hess, L, ridge, lowest, d, description)


@registered
def least_squares(X: ArrayLike, y: ArrayLike, ridge: float = 0.0) -> Problem:
    """Return f(w) = |Xw - y|^2/(2n) + ridge |w|^2/2 for X (n, d) and y (n,).

    L and mu are the extreme eigenvalues of X'X/n, plus ridge; the minimiser is the one of smallest norm where
    there are many. Raises ValueError if the data do not fit or ridge is negative.

    >>> least_squares([[1.0], [1.0]], [1.0, 3.0]).minimiser.round(12)
    array([2.])

    Source: Gauss 1809, Theoria motus; with ridge Hoerl and Kennard 1970, Technometrics 12.
    """
    X, y, ridge = checked_data(X, y, ridge)
    description = describe("least_squares", X=X, y=y, ridge=ridge)
    return least_squares_from("least squares", X, y, ridge, description)


def least_squares_from(name, X, y, ridge, description):
    n, d = X.shape
    H, c = frozen(X.T @ X / n + ridge * np.eye(d)), frozen(X.T @ y / n)

    @silent
    def f(w):
        w = np.asarray(w, dtype=float)
        return np.sum((w @ X.T - y) ** 2, axis=-1) / (2 * n) + ridge * np.sum(w * w, axis=-1) / 2

    @silent
    def grad(w):
        w = np.asarray(w, dtype=float)
        return w @ H - c  # X'(Xw - y)/n + ridge w, without going through the data again

    def hess(w):
        return np.broadcast_to(H, (*np.shape(w)[:-1], d, d))

    singular = np.zeros(d)  # fewer rows than columns leave directions that the data say nothing about
    singular[: min(n, d)] = np.linalg.svd(X, compute_uv=False)
    singular[singular <= 1e-6 * singular.max()] = 0  # squared: below 1e-12 of the largest curvature
    L, mu = float(singular.max() ** 2 / n + ridge), float(singular.min() ** 2 / n + ridge)
    # Rows sqrt(n ridge) I under X, with targets 0, turn the ridge into more squares of the same kind.
    more, targets = np.sqrt(n * ridge) * np.eye(d), np.concatenate([y, np.zeros(d)])
    lowest = frozen(np.linalg.lstsq(np.vstack([X, more]), targets, rcond=1e-6 if ridge == 0 else None)[0])
    return seen_from_zero(name, f, grad, hess, L, mu, lowest, d, description)


def seen_from_zero(name, f, grad, hess, L, mu, lowest, d, description):
    """Start at zero, where nothing is learnt yet, but further out where the path can be seen."""
    centre = np.zeros(d) if lowest is None else lowest
    x0 = np.zeros(d) if d > 2 else centre + away(d)
    return Problem(
        name=name, f=f, grad=grad, hess=hess, dim=d, L=L, mu=mu, minimiser=lowest, convex=True,
        window=view_around(centre, x0), x0=frozen(x0), description=description,
    )  # fmt: skip


@registered
def breast_cancer_logistic(n_features: int = 30, ridge: float = 0.0) -> Problem:
    """Return the logistic f(w) of the first n_features columns of the breast cancer data, benign +1.

    Each column (n = 569) is shifted to mean 0 and scaled to deviation 1: raw areas reach 2500 where raw
    smoothness stays below 0.2, and L would measure the choice of units instead of the data. Raises ValueError
    if n_features is not within 1 to 30 or ridge is negative.

    >>> breast_cancer_logistic(n_features=2).dim
    2

    Source: Street, Wolberg and Mangasarian 1993, SPIE 1905; bundled with scikit-learn.
    """
    ridge = arguments.number("ridge", ridge, low=0)
    X, benign = standardised("breast_cancer", n_features)
    description = describe("breast_cancer_logistic", n_features=X.shape[1], ridge=ridge)
    return logistic_from("breast cancer", X, frozen(2 * benign - 1), ridge, description)


@registered
def diabetes_least_squares(n_features: int = 10, ridge: float = 0.0) -> Problem:
    """Return the least squares f(w) of the first n_features columns of the diabetes data.

    Each column (n = 442) is shifted to mean 0 and scaled to deviation 1, so that ridge weighs no unit more
    than another and no intercept is needed; the target likewise, so that f(0) = 1/2. Raises ValueError if
    n_features is not within 1 to 10 or ridge is negative.

    >>> float(diabetes_least_squares().f(np.zeros(10)).round(12))
    0.5

    Source: Efron, Hastie, Johnstone and Tibshirani 2004, Ann. Statist. 32; bundled with scikit-learn.
    """
    ridge = arguments.number("ridge", ridge, low=0)
    X, y = standardised("diabetes", n_features)
    description = describe("diabetes_least_squares", n_features=X.shape[1], ridge=ridge)
    return least_squares_from("diabetes", X, frozen((y - y.mean()) / y.std()), ridge, description)


def standardised(data_set, n_features):
    X, y = loaded(data_set)
    columns = arguments.whole_number("n_features", n_features, low=1)
    if columns > X.shape[1]:
        raise ValueError(f"n_features must be a whole number from 1 to {X.shape[1]}, got {n_features!r}")
    return frozen(((X - X.mean(axis=0)) / X.std(axis=0))[:, :columns]), y


@lru_cache
def loaded(data_set):
    from sklearn import datasets  # here, so that only who uses real data waits for it

    X, y = getattr(datasets, f"load_{data_set}")(return_X_y=True)
    return frozen(X), frozen(y)


def checked_data(X, y, ridge):
    X = arguments.array("X", X, ndim=2)
    return X, arguments.array("y", y, shape=(len(X),)), arguments.number("ridge", ridge, low=0)
