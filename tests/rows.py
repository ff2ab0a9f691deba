"""Rows to draw mini-batches from: random ones, and real ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from helpers.problems.regression import standardised


def random_rows(seed, n=None):
    """Random rows (n, d), targets (n,), weights (d,), and a generator for more."""
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 8)) if n is None else n, int(rng.integers(1, 5))
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d), rng


@lru_cache
def diabetes(columns=(2, 8)):
    """Two columns of the real data, standardised, and the target."""
    X, y = standardised("diabetes", 10)
    return np.array(X[:, columns]), (y - y.mean()) / y.std()
