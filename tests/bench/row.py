"""One measurement, and how a group of them is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """A measured figure beside the stock one, and the goal it is meant to reach.

    `ours` and `stock` are in `unit` (`stock` None if there is nothing to compare with); `ratio` is stock over
    ours. `reach` is the goal: of the ratio where there is one, at least; else of `ours`, at most; None for none.
    """

    what: str
    ours: float
    unit: str
    stock: float | None = None
    ratio: float | None = None
    reach: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached, None without a goal."""
        if self.reach is None:
            return None
        return self.ours <= self.reach if self.ratio is None else self.ratio >= self.reach


def seconds(
    run: Callable[[], object], repeats: int = 5, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the median time of a run by the `clock`, after one that warms up."""
    run()
    times = []
    for _ in range(repeats):
        start = clock()
        run()
        times.append(clock() - start)
    return median(times)
