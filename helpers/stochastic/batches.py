"""Gradients of a few rows at a time: mini-batches, and the order in which an epoch takes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments


def minibatch_gradient(w: ArrayLike, X: ArrayLike, y: ArrayLike, batch: ArrayLike) -> np.ndarray:
    """Return the mean over the batch of x_i (x_i'w - y_i), an estimate of the gradient of |Xw - y|^2/(2n).

    X is (n, d), y (n,), and batch holds row numbers (..., B), where one that comes twice counts twice. w (..., d) and
    the batches broadcast; the result has shape (..., d). Raises ValueError if a row number is not within 0 to
    n - 1, if a batch is empty, or if the shapes do not fit.

    >>> minibatch_gradient([1, 1], [[1, 0], [0, 2], [1, 1]], [3, 0, 1], [0, 1])
    array([-1.,  2.])

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22; Bottou, Curtis and Nocedal 2018, SIAM Review 60.
    """
    w, X, y = fitting(w, X, y)
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
    w, X, y = fitting(w, X, y)
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
    order = arguments.generator("rng", rng).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def fitting(w: ArrayLike, X: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return w (..., d), X (n, d) and y (n,) as arrays of floats.

    Raises ValueError if the shapes do not fit, or if one of the three is not finite.

    >>> [given.shape for given in fitting([1, 1], [[1, 0], [0, 2], [1, 1]], [3, 0, 1])]
    [(2,), (3, 2), (3,)]
    """
    w, X = arguments.points("w", w), arguments.array("X", X, ndim=2)
    if w.shape[-1] != X.shape[1]:
        raise ValueError(f"w must have shape (..., {X.shape[1]}) to fit X, got shape {w.shape}")
    return w, X, arguments.array("y", y, shape=(len(X),))
