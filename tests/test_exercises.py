"""Every exercise of the course keeps its promises: right answers pass, known mistakes fail and are named."""

import inspect
import re
from functools import lru_cache

import numpy as np
import pytest

from helpers.calling import Given, RandomSource
from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES, drawing
from helpers.oracle import Oracle

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


@lru_cache(maxsize=len(SEEDS))  # all answers to an exercise come one after the other
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


# Right answers that are spoiled on the way out: each is as close to right as a wrong type or shape can be.


def first_number_nan(value):
    if isinstance(value, (tuple, list)):
        return type(value)([first_number_nan(value[0]), *value[1:]])
    spoiled = np.array(value, dtype=float)
    spoiled.flat[:1] = np.nan
    return spoiled


def first_part_none(value):
    return type(value)([None, *value[1:]]) if isinstance(value, (tuple, list)) else np.array(None)


def complex_numbers(value):
    parts = isinstance(value, (tuple, list))
    return type(value)(complex_numbers(part) for part in value) if parts else np.asarray(value) + 0j


def one_axis_more(value):
    parts = isinstance(value, (tuple, list))
    return type(value)(one_axis_more(part) for part in value) if parts else np.asarray(value)[None]


def one_part_less(value):
    return value[:-1] if isinstance(value, (tuple, list)) or np.ndim(value) else []


def one_part_more(value):
    return (*value, 0.0) if isinstance(value, (tuple, list)) else np.append(np.atleast_1d(value), 0.0)


SPOILS = [
    first_part_none,
    one_axis_more,
    one_part_less,
    one_part_more,
    str,
    lambda value: {"result": value},
    lambda value: lambda: value,
    lambda value: (part for part in np.atleast_1d(value)),
    lambda value: np.zeros((1000, 1000)),
    lambda value: [[1.0], [2.0, 3.0]],
]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_spoiled_right_answer_earns_nothing_and_breaks_nothing(exercise):
    found = EXERCISES[exercise]
    in_words = isinstance(drawn(exercise, 0).expected[0][0].returned, (str, bool))
    spoils = SPOILS if in_words else [*SPOILS, first_number_nan, complex_numbers]
    for spoil in spoils:
        if in_words and spoil is str:
            continue
        report = judged(exercise, lambda *given, spoil=spoil: spoil(found.reference(*given)), 0)
        assert report.score == 0, f"{spoil}\n{report}"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_exercise_is_complete(exercise):
    found = EXERCISES[exercise]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", exercise)
    assert re.match(r"\d\d-[a-z-]+$", found.chapter)
    assert len(found.misconceptions) >= 3
    assert found.alternatives
    assert sum(found.shares) == pytest.approx(found.points, abs=1e-12)
    assert found.shares[0] >= found.points / 2
    assert all(share > 0 for share in found.shares)
    assert len({claim.title for claim in found.claims}) == len(found.claims)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hints_are_sentences_of_their_own(exercise):
    hints = {name: mistake.hint for name, mistake in EXERCISES[exercise].misconceptions.items()}
    assert len(set(hints.values())) == len(hints)
    for name, hint in hints.items():
        assert 40 < len(hint) < 400, name
        assert hint.endswith((".", "?")), name
        assert "!" not in hint, name
        assert "  " not in hint, name


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cases_fit_the_signature(exercise):
    found = EXERCISES[exercise]
    name, names = re.fullmatch(r"(\w+)\((.*)\)", found.signature).groups()
    assert name == exercise.replace("-", "_")
    for row in drawn(exercise, 0).cases:
        assert row, "a claim without a case holds for everybody"
        for case in row:
            assert list(case.inputs) == names.split(", ")
            inspect.signature(found.reference).bind(*case.inputs.values())
    assert len(drawn(exercise, 0).cases[0]) >= 4, "the core claim needs several random cases"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cases_are_plain_data(exercise):
    """Grading sends them to another process."""

    def is_plain(value):
        if isinstance(value, (list, tuple)):
            return all(map(is_plain, value))
        if isinstance(value, (Given, Oracle)):
            return all(map(is_plain, value.problem["arguments"].values()))
        number = isinstance(value, (int, float, np.integer, np.floating))
        array = isinstance(value, np.ndarray) and value.dtype.kind in "biufc"
        return number or array or isinstance(value, (str, RandomSource))

    for row in drawn(exercise, 0).cases:
        for case in row:
            assert all(map(is_plain, case.inputs.values())), case


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cases_are_fresh_and_repeatable(exercise):
    def inputs(seed):
        return [str(case.inputs) for row in draw(EXERCISES[exercise], seed).cases for case in row]

    assert inputs(1) == inputs(1)
    assert inputs(1) != inputs(2)
    assert inputs(None) != inputs(None)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_good_cases_are_not_rare(exercise, monkeypatch):
    """A quarter of the tries is enough, on draws of its own: the check is quick, and never runs out of tries."""
    monkeypatch.setattr(drawing, "TRIES", drawing.TRIES // 4)
    for seed in range(100, 106):
        draw(EXERCISES[exercise], seed)
