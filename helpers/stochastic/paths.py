"""Descent along gradients that are only estimated, and step sizes that shrink on the way."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import new_path
from helpers.stochastic.batches import epoch_batches, fitting


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
    _, X, y = fitting(w0, X, y)
    n_epochs = arguments.whole_number("n_epochs", n_epochs)
    n_updates = n_epochs * math.ceil(len(X) / arguments.whole_number("batch_size", batch_size, 1))
    w, _ = new_path(w0, 0.0, n_updates, names=("w0", "alpha"))
    alpha, k = _schedule(alpha, n_updates, w.shape[1:-1]), 0
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(n_epochs):
            order = np.concatenate(epoch_batches(len(X), batch_size, rng))
            X_new, y_new = (
                X[order],
                y[order],
            )  # all rows at once: a gather for each batch takes half of the time
            for start in range(0, len(X), batch_size):
                rows = X_new[start : start + batch_size]
                g = (w[k] @ rows.T - y_new[start : start + batch_size]) @ rows / len(rows)
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
    noise, rng = arguments.number("noise", noise, low=0), arguments.generator("rng", rng)
    x, _ = new_path(x0, 0.0, n_steps)
    alpha = _schedule(alpha, n_steps, x.shape[1:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            x[k + 1] = x[k] - alpha[k] * (grad(x[k]) + noise * rng.standard_normal(x[k].shape))
    return x


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
