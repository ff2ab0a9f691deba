"""Small pictures and blurs that a learner can redo."""

import numpy as np

from helpers.exercises.drawing import away_from_zero, redrawn, tenths


def kernel(rng: np.random.Generator, n: int, m: int) -> np.ndarray:
    """Return weights (n, m), one decimal, with no symmetry that would make the transfer function real.

    No wave is lost, none but the first has a real entry in H by accident, and no |H| is close to 1.
    """

    def good(k):
        H = np.fft.fft2(k)
        size = np.abs(H)
        extremes = np.array([size.max(), size.min()])
        return size.min() > 0.15 and np.abs(extremes - 1).min() > 0.1 and np.abs(H.imag).max() > 0.25

    return redrawn(lambda: tenths(rng, (n, m), -0.3, 0.8), good)


def picture(rng: np.random.Generator, n: int, m: int) -> np.ndarray:
    """Return grey values (n, m), one decimal; some lie beyond black and white, as noise takes them there."""
    return np.abs(away_from_zero(rng, n * m, 0.2, 1.4)).reshape(n, m)
