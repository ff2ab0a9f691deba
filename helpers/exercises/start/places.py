"""Places on the course's first landscape, from close to the origin to far out."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from helpers.exercises.drawing import telling, tenths


def places(rng: np.random.Generator, right: Callable, *wrong: Callable) -> Iterator[Mapping[str, float]]:
    """Places with one decimal at which no `wrong` function does what the `right` one does."""
    for low, high in ((0.5, 3.0), (0.5, 3.0), (0.5, 8.0), (0.5, 8.0), (5.0, 30.0), (5.0, 30.0)):
        yield telling(lambda low=low, high=high: _place(rng, low, high), right, *wrong)


def _place(rng: np.random.Generator, low: float, high: float) -> dict[str, float]:
    x, y = tenths(rng, 2, low, high) * rng.choice([-1.0, 1.0], 2)
    return {"x": float(x), "y": float(y)}


def whole_places(rng: np.random.Generator) -> Iterator[dict[str, int]]:
    """Three places of whole numbers."""
    for _ in range(3):
        x, y = rng.integers(4, 12, 2) * rng.choice([-1, 1], 2)
        yield {"x": int(x), "y": int(y)}
