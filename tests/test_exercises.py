"""Every exercise of the course keeps its promises: right answers pass, known mistakes fail and are named."""

from functools import cache

import numpy as np
import pytest

from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES

SEEDS = range(2)
RIGHT = [
    pytest.param(exercise.id, function, id=f"{exercise.id}-{k}")
    for exercise in EXERCISES.values()
    for k, function in enumerate((exercise.reference, *exercise.alternatives))
]
WRONG = [
    pytest.param(exercise.id, name, function, id=f"{exercise.id}-{name}-{k}")
    for exercise in EXERCISES.values()
    for name, misconception in exercise.misconceptions.items()
    for k, function in enumerate((misconception.function, *misconception.also))
]


@cache
def drawn(exercise, seed):
    """Cases that all answers to an exercise are judged on; what known mistakes do in them is kept as well."""
    return draw(EXERCISES[exercise], seed)


def judged(exercise, function, seed):
    return judge_drawn(drawn(exercise, seed), lambda cases: run_here(function, cases))


@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_right_answer_earns_all_points(exercise, function):
    for seed in SEEDS:
        report = judged(exercise, function, seed)
        assert report.passed, str(report)
        assert report.score == report.points == EXERCISES[exercise].points


@pytest.mark.parametrize(("exercise", "name", "function"), WRONG)
def test_known_mistake_loses_points_and_is_named(exercise, name, function):
    for seed in SEEDS:
        report = judged(exercise, function, seed)
        assert report.score < report.points, str(report)
        assert report.misconception == name, f"named {report.misconception}\n{report}"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_stub_and_constants_earn_nothing(exercise):
    def stub(*given):
        raise NotImplementedError

    report = judged(exercise, stub, 0)
    assert (report.score, report.attempted, report.misconception) == (0, False, None)
    for constant in (None, 0, 0.0, 1.0, -1, np.nan, np.inf, "", "monotone", True, [], np.zeros(2), {}, ...):
        assert judged(exercise, lambda *given, value=constant: value, 0).score == 0


@pytest.mark.parametrize("exercise", EXERCISES)
def test_exercise_is_complete(exercise):
    found = EXERCISES[exercise]
    assert len(found.misconceptions) >= 3
    assert found.alternatives
    assert sum(found.shares) == pytest.approx(found.points, abs=1e-12)
    assert found.shares[0] >= found.points / 2
    assert all(share > 0 for share in found.shares)
    for name, misconception in found.misconceptions.items():
        assert len(misconception.hint) > 40, name
        assert "!" not in misconception.hint, name


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cases_are_fresh_and_repeatable(exercise):
    def inputs(seed):
        return [str(case.inputs) for row in draw(EXERCISES[exercise], seed).cases for case in row]

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)
    assert inputs(None) != inputs(None)
