"""Walk with a learner's function one step at a time: kept for the way back, and given up when it takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from helpers.explore.runs import Trouble
from helpers.explore.words import count, say

PATIENCE = 5.0  # seconds of the learner's function for one setting of a figure


class Stepwise:
    """The points that `step(point)` leads to from `start`, made when they are first asked for.

    Another `setting` starts again. Raises `Trouble` once the steps of a setting have taken PATIENCE seconds.

    >>> Stepwise().upto(3, "halving", 8.0, lambda x: x / 2)
    [8.0, 4.0, 2.0, 1.0]
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start again with the next call."""
        self._setting, self._points, self._spent = None, [], 0.0

    def upto(self, k: int, setting: Hashable, start: object, step: Callable) -> list:
        """Return start and the points after 1, 2, ..., k steps."""
        if setting != self._setting:
            self._setting, self._points, self._spent = setting, [start], 0.0
        while len(self._points) <= k:
            if self._spent > PATIENCE:
                raise Trouble(
                    f"Your function took {say(self._spent, 2)} seconds for {count(len(self._points) - 1, 'step')}, "
                    f"and {k} are asked for. Choose fewer, or press Reset."
                )
            began = time.monotonic()
            self._points.append(step(self._points[-1]))
            self._spent += time.monotonic() - began
        return self._points[: k + 1]
