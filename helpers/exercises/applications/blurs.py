"""Small pictures and blurs that a learner can redo."""

import numpy as np

from helpers.exercises.drawing import redrawn, tenths


def transfer(rng: np.random.Generator, n: int, m: int) -> np.ndarray:
    """Return fft2 of weights (n, m), one decimal, without any symmetry that would make it real.

    No wave is lost, the mean grey stays of the same size, some other wave is passed on more strongly than it, and the
    extremes of |H| are not close to 1.
    """

    def good(H):
        size = np.abs(H)
        extremes = np.array([size.max(), size.min()])
        plain = size.min() > 0.15 and np.abs(extremes - 1).min() > 0.1 and np.abs(H.imag).max() > 0.25
        return plain and 0.6 < size[0, 0] < 1.6 and size.max() > 1.1 * size[0, 0]

    # Rounded, so that H can be read and pasted where fft2 leaves 0.30000000000000004.
    return redrawn(lambda: np.fft.fft2(tenths(rng, (n, m), -0.6, 0.8)).round(12), good)


def picture(rng: np.random.Generator, n: int, m: int, noise: float = 0.0) -> np.ndarray:
    """Return grey values (n, m), one decimal, from 0.1 to 1.2, and by so much beyond them as noise takes them."""
    return tenths(rng, (n, m), 0.1 - noise, 1.2 + noise)
