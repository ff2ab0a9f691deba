"""Draw instances that a learner can read: few digits, small numbers, nothing special by accident."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers import problems
from helpers.agreement import compare
from helpers.calling import Given, call

TRIES = 1000


def tenths(rng: np.random.Generator, shape=(), low: float = -3.0, high: float = 3.0):
    """Return numbers with one decimal, drawn evenly from `low` to `high`; a float where shape is ()."""
    low, high = round(10 * low), round(10 * high) + 1
    if shape == ():  # ten times as quick as an array of no axes
        return float(rng.integers(low, high) / 10)
    return rng.integers(low, high, shape) / 10


def away_from_zero(rng: np.random.Generator, d: int, low: float = 0.5, high: float = 3.0) -> np.ndarray:
    """Return a vector with one decimal in each entry and no entry closer to zero than `low`."""
    return tenths(rng, d, low, high) * signs(rng, d)


def signs(rng: np.random.Generator, shape) -> np.ndarray:
    """Return an array of -1.0 and 1.0, each as likely."""
    return 2.0 * rng.integers(0, 2, shape) - 1.0


def definite_matrix(rng: np.random.Generator, d: int) -> np.ndarray:
    """Return a symmetric positive definite matrix (d, d), no entry 0, with eigenvalues of at least about 0.5."""
    # Diagonally dominant, so definite: a row's off-diagonal entries add up to about 0.5 at the most.
    Q = np.tril(tenths(rng, (d, d), 0.1, 0.5) * signs(rng, (d, d)), -1) / max(1, d - 1)
    Q += Q.T
    Q.flat[:: d + 1] = tenths(rng, d, 1.0, 4.0)
    return np.round(Q, 2)


def indefinite_matrix(rng: np.random.Generator, d: int) -> np.ndarray:
    """Return a symmetric matrix (d, d) with one decimal whose diagonal has both signs."""
    M = tenths(rng, (d, d))
    M = np.round((M + M.T) / 2, 2)
    M[0, 0], M[-1, -1] = -abs(M[0, 0]) - 0.5, abs(M[-1, -1]) + 0.5
    return M


def bowl(rng: np.random.Generator, d: int) -> problems.Problem:
    """Return a quadratic in d dimensions whose minimiser is not the origin."""
    return problems.quadratic(definite_matrix(rng, d), away_from_zero(rng, d))


def given(role: str, problem: problems.Problem) -> Given:
    """Return the description of a problem's function as an argument: `given("grad", bowl(rng, 2))`."""
    return Given.of(role, problem)


def share_of(rng: np.random.Generator, limit: float, low: float, high: float, digits: int = 2) -> float:
    """Return a number between `low` and `high` times `limit`, rounded to two digits (by up to 5 %) or to more."""
    return float(f"{limit * rng.uniform(low, high):.{digits}g}")


def redrawn(draw: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
    """Return what `draw()` gives, drawn again until it is `good`.

    Raises RuntimeError after a thousand draws: never a loop without an end.
    """
    for _ in range(TRIES):
        drawn = draw()
        if good(drawn):
            return drawn
    raise RuntimeError("a thousand draws, and none is good")


def telling(
    draw: Callable[[], Mapping], right: Callable, *wrong: Callable, rtol: float = 0.01
) -> Mapping[str, object]:
    """Return inputs from `draw()`, drawn again until no `wrong` function comes within `rtol` of the `right` one.

    Raises RuntimeError where a thousand draws do not do: then `draw` cannot tell them apart.
    """
    hardest_first = list(wrong)

    def tells(inputs: Mapping[str, object]) -> bool:
        expected = call(right, inputs).returned
        for function in hardest_first:
            if not compare(call(function, inputs).returned, expected, rtol=rtol):
                hardest_first.remove(function)  # what was hard to tell once will be again: try it sooner
                hardest_first.insert(0, function)
                return False
        return True

    return redrawn(draw, tells)
