"""How long a learner waits for an answer: each exercise, for a right answer and for the slowest known mistake.

A check waits for nothing itself, so its processor time is what a learner waits, on a machine without other work.
"""

from __future__ import annotations

import time
from functools import partial

from helpers.check import check
from helpers.exercises import EXERCISES
from tests.bench.row import Row, seconds

REACH = 500.0  # ms


def rows():
    """Yield two rows per exercise. There is no stock figure: stock nbgrader says nothing before the deadline."""
    for exercise in EXERCISES.values():
        yield Row(
            f"check {exercise.id}, right", milliseconds(exercise.id, exercise.reference), "ms", reach=REACH
        )
        # One time each finds the slowest, but the largest of so many is also the unluckiest: it is taken again.
        mistakes = [
            function
            for misconception in exercise.misconceptions.values()
            for function in (misconception.function, *misconception.also)
        ]
        slowest = max(mistakes, key=partial(milliseconds, exercise.id, repeats=1))
        yield Row(
            f"check {exercise.id}, slowest mistake", milliseconds(exercise.id, slowest), "ms", reach=REACH
        )


def milliseconds(exercise, function, repeats=3):
    return seconds(partial(check, exercise, function), repeats, time.process_time) * 1e3
