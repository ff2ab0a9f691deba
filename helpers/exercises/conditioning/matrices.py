"""Draw the matrices of this chapter: no mistake may come out right on them by accident."""

import numpy as np

from helpers.exercises.drawing import tenths


def skew_bowl(rng: np.random.Generator, d: int) -> np.ndarray:
    """Return a symmetric positive definite (d, d) with one decimal, far from diagonal, of distinct eigenvalues.

    The eigenvalues lie at least 0.3 apart, none is close to 1, and the largest is at least three times the
    smallest.
    """
    while True:
        M = tenths(rng, (d, d), -2.0, 2.0)
        Q = np.round((M + M.T) / 2, 1)
        lowest = np.linalg.eigvalsh(Q)[0]
        Q = np.round(Q + np.ceil(10 * (rng.uniform(0.2, 0.7) - lowest)) / 10 * np.eye(d), 1)
        lam = np.linalg.eigvalsh(Q)
        apart = np.diff(lam).min() > 0.3 and np.abs(lam - 1).min() > 0.1 and lam[-1] > 3 * lam[0]
        filled = np.abs(Q[~np.eye(d, dtype=bool)]).min() >= 0.2
        if apart and filled:
            return Q + 0.0  # no negative zeros
