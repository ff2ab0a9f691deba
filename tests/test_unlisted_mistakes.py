"""Wrong answers that no table lists: none earns everything, none is taken for another mistake.

Those of chapter 01 are in tests/test_answers.py, the others in tests/unlisted.
"""

from functools import lru_cache

import pytest

from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES
from tests.unlisted import (
    adam,
    applications,
    conditioning,
    gradient_flow,
    momentum,
    regularization,
    sgd,
    smoothness,
    start,
)

SEEDS = range(3)
CHAPTERS = (start, smoothness, conditioning, regularization, gradient_flow, sgd, momentum, adam, applications)


@lru_cache(maxsize=len(SEEDS))
def drawn(exercise, seed):
    return draw(EXERCISES[exercise], seed)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_of_the_chapter_has_two_or_more(chapter):
    of_the_chapter = EXERCISES[next(iter(chapter.MISTAKES))].chapter
    assert set(chapter.MISTAKES) == {id for id, found in EXERCISES.items() if found.chapter == of_the_chapter}
    assert min(map(len, chapter.MISTAKES.values())) >= 2


@pytest.mark.parametrize(
    ("exercise", "row"),
    [
        pytest.param(exercise, row, id=f"{exercise}-{k}")
        for chapter in CHAPTERS
        for exercise, rows in chapter.MISTAKES.items()
        for k, row in enumerate(rows)
    ],
)
def test_unlisted_mistake_earns_less_and_gets_no_wrong_name(exercise, row):
    function, allowed = row if isinstance(row, tuple) else (row, None)
    for seed in SEEDS:
        report = judge_drawn(drawn(exercise, seed), lambda cases: run_here(function, cases))
        assert report.score < report.points, str(report)
        assert report.misconception in (None, allowed), str(report)
