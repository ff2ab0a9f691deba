"""Draw the data of this chapter: no entry is 0, and neither 1/n nor a square can hide."""

import numpy as np

from helpers.exercises.drawing import away_from_zero, tenths


def rows(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Return A (n, d) with one decimal in each entry, none closer to zero than 0.5."""
    return away_from_zero(rng, n * d).reshape(n, d)


def ridge_inputs(rng: np.random.Generator, n: int, d: int) -> dict[str, object]:
    """Return w, A, b and a ridge weight lam from 0.2 to 0.9, all with one decimal."""
    return {
        "w": away_from_zero(rng, d),
        "A": rows(rng, n, d),
        "b": away_from_zero(rng, n),
        "lam": tenths(rng, (), 0.2, 0.9),
    }


def whole_inputs(rng: np.random.Generator) -> dict[str, object]:
    """Return inputs of whole numbers, three rows and two columns."""
    return {
        "w": rng.integers(1, 5, 2),
        "A": rng.integers(1, 6, (3, 2)) * rng.choice([-1, 1], (3, 2)),
        "b": rng.integers(-9, -3, 3),
        "lam": int(rng.integers(2, 5)),
    }
