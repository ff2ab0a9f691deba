"""What can go wrong with the path of any method has its name in every exercise that asks for a path."""

import numpy as np
import pytest

from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES
from helpers.exercises.paths import mistakes

START = {  # the place of the start among the arguments
    "gradient-descent": 1,
    "exact-line-search": 2,
    "subgradient-descent": 2,
    "backward-euler": 2,
    "richardson": 2,
    "sgd": 2,
    "heavy-ball": 1,
    "nesterov": 1,
    "adam": 1,
    "rmsprop": 1,
    "amsgrad": 1,
    "residual-forward": 0,
}
NAMES = {  # the same mistake has other names in some chapters
    "start missing": {"start missing"},
    "one step short": {"one step short", "one layer short"},
    "only the last point": {"only the last point", "last point only", "end only", "last row only"},
    "all rows are the last point": {
        "all rows are the last point",
        "one array for all rows",
        "all rows the last",
    },
    "start ignored": {"start ignored"},
}


def spoiled(method, start, mistake):
    """Return the method with this mistake, written without the tables' own."""

    def on_the_path(*given):
        if mistake == "start ignored":
            given = [0.0 * x if k == start else x for k, x in enumerate(given)]
        returned = method(*given)
        path, *rest = returned if isinstance(returned, tuple) else (returned,)
        path = {
            "start missing": lambda: path[1:],
            "one step short": lambda: path[: len(path) - 1],
            "only the last point": lambda: path[len(path) - 1],
            "all rows are the last point": lambda: np.array([path[len(path) - 1] for _ in path]),
            "start ignored": lambda: path,
        }[mistake]()
        return (path, *rest) if rest else path

    return on_the_path


def test_every_exercise_that_begins_somewhere_and_returns_a_path_is_here():
    beginning = {
        name
        for name, exercise in EXERCISES.items()
        if {"x0", "w0"} & set(exercise.signature.strip(")").replace("(", ", ").split(", "))
    }
    no_path = {"limit-of-descent", "escape-steps", "capstone"}  # a number or a point comes back
    other_rows = {"mode-errors", "gradient-flow"}  # coefficients, and points at any times
    assert set(START) == beginning - no_path - other_rows | {"residual-forward"}


@pytest.mark.parametrize("mistake", NAMES)
@pytest.mark.parametrize("exercise", START)
def test_a_spoiled_path_earns_nothing_and_is_named(exercise, mistake):
    method = spoiled(EXERCISES[exercise].reference, START[exercise], mistake)
    for seed in (21, 22):
        report = judge_drawn(draw(EXERCISES[exercise], seed), lambda cases: run_here(method, cases))
        assert report.score == 0, str(report)
        assert report.misconception in NAMES[mistake], str(report)


def test_the_mistakes_are_made_of_any_method():
    def halving(x0, n_steps):
        return np.outer(0.5 ** np.arange(n_steps + 1), x0), "more"

    made = {
        name: m.function(np.array([8.0]), 2)[0].tolist() for name, m in mistakes(halving, 0, *NAMES).items()
    }
    assert made == {
        "start missing": [[4.0], [2.0]],
        "one step short": [[8.0], [4.0]],
        "only the last point": [2.0],
        "all rows are the last point": [[2.0], [2.0], [2.0]],
        "start ignored": [[0.0], [0.0], [0.0]],
    }
    (below,) = mistakes(halving, 0, "start ignored")["start ignored"].also
    assert below(np.array([8.0]), 1)[0].tolist() == [[8.0], [0.0]]
    (empty,) = mistakes(halving, 0, "one step short")["one step short"].also
    assert empty(np.array([8.0]), 2)[0].tolist() == [[8.0], [4.0], [0.0]]
    assert empty(np.array([8.0]), 0)[0].tolist() == [[8.0]]
