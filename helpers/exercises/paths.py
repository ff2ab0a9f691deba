"""Mistakes that the path of any method can have, made from the method that is right, each with its hint."""

from collections.abc import Callable

import numpy as np

from helpers.exercises import hints
from helpers.exercises.table import Misconception


def mistakes(method: Callable, start: int, *names: str) -> dict[str, Misconception]:
    """Return the named mistakes of a path for a `method` that gets its start as argument number `start`, from 0.

    >>> ways = mistakes(lambda x0, n_steps: np.outer(0.5 ** np.arange(n_steps + 1), x0), 0, "one step short")
    >>> ways["one step short"].function(np.ones(2), 2).tolist()
    [[1.0, 1.0], [0.5, 0.5]]
    """
    known = {
        "start missing": Misconception(changed(method, lambda path: path[1:]), hints.START_MISSING),
        "start ignored": Misconception(
            from_zero(method, start), hints.START_IGNORED, also=(_from_zero_below_the_start(method, start),)
        ),
        "one step short": Misconception(
            changed(method, lambda path: path[:-1]),
            hints.ONE_STEP_SHORT,
            also=(changed(method, _with_an_empty_end),),
        ),
        "only the last point": Misconception(changed(method, lambda path: path[-1]), hints.LAST_POINT_ONLY),
        "all rows are the last point": Misconception(
            changed(method, lambda path: np.tile(path[-1], (len(path), 1))), hints.ONE_ARRAY
        ),
    }
    return {name: known[name] for name in names}


def changed(method: Callable, change: Callable) -> Callable:
    """Return the method with its path changed; where it returns more than the path, the rest stays as it is."""

    def another(*given):
        returned = method(*given)
        if isinstance(returned, tuple):
            return (change(returned[0]), *returned[1:])
        return change(np.asarray(returned))

    return another


def from_zero(method: Callable, start: int) -> Callable:
    """Return the method that starts at 0 wherever it is told to start."""
    return lambda *given: method(*given[:start], np.zeros(len(given[start])), *given[start + 1 :])


def _from_zero_below_the_start(method, start):
    def path_from_zero(*given):
        def with_start(path):
            return np.vstack([given[start], path[1:]])

        return changed(from_zero(method, start), with_start)(*given)

    return path_from_zero


def _with_an_empty_end(path):
    return np.vstack([path[:1], path[1:-1], 0 * path[-1:]])[: len(path)]
