"""Draw small sets of examples for the logistic exercises."""

import numpy as np

from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case

SIZES = ((3, 2), (5, 1), (4, 3), (7, 5))  # (n, d), never the same, n never 2: so that nothing can be mixed up


def examples(rng, n, d):
    """Return w (d,), X (n, d) and y (n,) with both labels in it, and of them not the same number."""
    y = np.ones(n)
    y[: (n - 1) // 2] = -1
    return {
        "w": away_from_zero(rng, d, 0.3, 1.5),
        "X": tenths(rng, (n, d), -2.0, 2.0),
        "y": rng.permutation(y),
    }


def whole_examples(rng):
    """Return w, X and y as whole numbers."""
    y = rng.permutation([1, 1, -1])
    return {"w": rng.integers(1, 3, 2), "X": rng.integers(-2, 3, (3, 2)) + np.eye(3, 2, dtype=int), "y": y}


def huge_examples(rng, right):
    """Return examples with margins of 1e4 and more, the first `right` of 3 on the right side."""
    y = rng.permutation([1.0, -1.0, 1.0])
    sides = np.where(np.arange(3) < right, y, -y)
    X = 1e4 * sides[:, None] * tenths(rng, (3, 2), 1.0, 2.0)
    return {"w": tenths(rng, 2, 1.0, 2.0), "X": X, "y": y}


def with_margins(inputs, note=""):
    """Return the case, and show its margins: what one would work out first, for the loss and for its gradient."""
    margins = inputs["y"] * (inputs["X"] @ inputs["w"])
    return Case(inputs, note, shown={"margins y * (X @ w)": margins})
