"""How long a learner waits for an answer: each exercise, for a right answer and for the slowest known mistake."""

from __future__ import annotations

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
        slowest = max(
            milliseconds(exercise.id, function, repeats=1)
            for misconception in exercise.misconceptions.values()
            for function in (misconception.function, *misconception.also)
        )
        yield Row(f"check {exercise.id}, slowest mistake", slowest, "ms", reach=REACH)


def milliseconds(exercise, function, repeats=3):
    return seconds(partial(check, exercise, function), repeats) * 1e3
