"""The judge against answers that no honest kernel gives, and against answers that copy instead of writing."""

import numpy as np
import pytest

from helpers.calling import call
from helpers.exercises import EXERCISES
from helpers.grading.answering import _call
from helpers.grading.judging import judge_exercise, run_test
from helpers.grading.line import Answer
from helpers.grading.redirection import MOST_READ, Copied
from helpers.grading.table import TrustedCell, question
from helpers.grading.wire import Packer, Unpacker

CELL = TrustedCell(
    "step", "code", 'check("gradient-step", gradient_step)', None, True, True, False, False, 4.0
)
REFERENCE = EXERCISES["gradient-step"].reference


def kernel(function):
    """Return how a kernel answers in which `gradient_step` is this function."""

    def ask(request, buffers, seconds):
        packer = Packer()
        return Answer(_call({"gradient_step": function}, request, buffers, packer), packer.buffers)

    return ask


def verdict(ask, **options):
    return judge_exercise(CELL, question(CELL), ask, seed=1, **options)


def test_the_points_are_those_of_the_cell():
    assert verdict(kernel(REFERENCE)).points == 4.0
    assert verdict(kernel(lambda grad, x, alpha: x)).points == 0.0


def test_expected_values_and_seeds_do_not_travel():
    seen = []

    def watching(request, buffers, seconds):
        seen.append((request, buffers))
        return kernel(REFERENCE)(request, buffers, seconds)

    verdict(watching)
    ((request, buffers),) = seen
    assert set(request) == {"do", "name", "seconds", "cases"}
    sent = {bytes(raw) for raw in buffers}
    unpacker = Unpacker(buffers, trusted=True)
    for pairs, _ in request["cases"]:
        case = unpacker.mapping(pairs)
        expected = call(REFERENCE, case).returned.tobytes()
        # Where the step stays where it is, the answer is the input.
        assert expected not in sent or expected == np.asarray(case["x"], dtype=float).tobytes()


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"outcomes": []},
        {"outcomes": "right", "entered": []},
        {"outcomes": [{"returned": None}] * 90, "entered": []},
        {"absent": "missing"},
        {"absent": "int"},
        {"absent": ["x" * 100]},
        {"outcomes": None, "entered": None, "score": 4.0, "points": 4.0, "passed": True},
    ],
)
def test_answers_that_are_none_earn_nothing_and_say_why(content):
    found = verdict(lambda *_: Answer(content, []))
    assert found.points == 0.0
    assert found.facts["reason"]


def test_answers_to_other_cases_earn_nothing():
    first = []

    def replay(request, buffers, seconds):
        first.append(kernel(REFERENCE)(request, buffers, seconds))
        return first[0]

    assert judge_exercise(CELL, question(CELL), replay, seed=1).points == 4.0
    assert judge_exercise(CELL, question(CELL), replay, seed=2).points == 0.0


def test_an_answer_that_enters_the_courses_own_function_is_reported_and_costs_nothing_by_default():
    from helpers.descent import gradient_step

    found = verdict(kernel(lambda grad, x, alpha: gradient_step(grad, x, alpha)))
    assert found.facts["redirected"] == ["helpers.descent"]
    assert found.points == 4.0
    assert "instead of writing" in found.html


def test_where_the_instructor_says_so_it_costs_all_points():
    from helpers.descent import gradient_step

    assert verdict(kernel(gradient_step), copying_costs=True).points == 0.0
    assert verdict(kernel(lambda grad, x, alpha: x - alpha * grad(x)), copying_costs=True).points == 4.0


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["from helpers.descent import gradient_step"], ["helpers.descent"]),
        (["from helpers.conditioning import condition_number as gradient_step"], ["helpers.conditioning"]),
        (
            ["from helpers import problems", "def gradient_step(Q): return problems.quadratic(Q).L"],
            ["helpers.problems"],
        ),
        (
            ["from helpers.explore.step_size import contour_walk", "def gradient_step(): contour_walk()"],
            [],
        ),
        (
            ["import helpers.descent as d", "step = d.gradient_step", "gradient_step = step"],
            ["helpers.descent"],
        ),
        (
            ["from scipy import optimize", "def gradient_step(g, x, a): return optimize.minimize(g, x)"],
            ["scipy.optimize"],
        ),
        (
            [
                "def gradient_step(g, x, a):\n    from helpers.descent import gradient_step as s\n    return s(g, x, a)"
            ],
            ["helpers.descent"],
        ),
        (
            [
                "def aid(x): import sklearn.linear_model as m; return m.SGDRegressor",
                "def gradient_step(x): return aid(x)",
            ],
            ["sklearn"],
        ),
        (
            [
                "import numpy as np",
                "from helpers.check import check",
                "def gradient_step(g, x, a): return x - a * g(x)",
            ],
            [],
        ),
        (
            [
                "from helpers.descent import gradient_descent as theirs",
                "def gradient_step(g, x, a): return x - a * g(x)",
            ],
            [],
        ),
        (
            ["from helpers.descent import gradient_step", "def gradient_step(g, x, a): return x - a * g(x)"],
            [],
        ),
        (["this is not python ("], []),
        (
            [
                "%load_ext x\nfrom helpers import descent\nfiles = !ls\ndef gradient_step(*a): return descent.gradient_step(*a)"
            ],
            ["helpers.descent"],
        ),
        (
            [
                "%%time\ndef gradient_step(g, x, a):\n    class A:\n        import helpers\n        f = helpers.descent.x"
            ],
            ["helpers.descent"],
        ),
    ],
)
def test_the_text_of_a_notebook_shows_what_an_answer_takes_over(cells, found):
    assert Copied(cells).by("gradient_step") == found


@pytest.mark.parametrize(
    "cells",
    [
        [
            "from helpers.check import check",
            "def gradient_step(g, x, a):\n    check = x - a * g(x)\n    return check",
        ],
        [
            "from helpers import problems\np = problems.cost_surface()\ngrad, g = p.grad, p.grad\ng = p.grad",
            "def gradient_step(g, x, a): return x - a * g(x)",
        ],
        [
            "from helpers import problems as p\nf = p.cost_surface().f",
            "gradient_step = lambda f, x, p: x - p * f(x)",
        ],
        [
            "from helpers.problems import wavy as k",
            "def gradient_step(g, x, a): return [x[k] - a * g(x)[k] for k in range(len(x))]",
        ],
        [
            "from helpers import problems\ndef other():\n    step = problems.wavy()\n    return step",
            "def gradient_step(g, x, a):\n    step = a * g(x)\n    return x - step",
        ],
    ],
)
def test_a_name_of_its_own_inside_an_answer_is_not_the_notebooks(cells):
    """Is an answer reported because a cell of the learner's own calls something of the course by the same name?"""
    assert Copied(cells).by("gradient_step") == []


@pytest.mark.parametrize(
    "answer",
    [
        "def gradient_step(g, x, a, step=d.gradient_step): return step(g, x, a)",
        "def gradient_step(g, x, a, d=d): return d.gradient_step(g, x, a)",
        "def gradient_step(g, x, a):\n    step = d.gradient_step\n    return step(g, x, a)",
        "def gradient_step(g, x, a):\n    def inner(x):\n        return d.gradient_step(g, x, a)\n    return inner(x)",
        "def gradient_step(g, x, a):\n    global d\n    d = d\n    return d.gradient_step(g, x, a)",
        "def gradient_step(g, x, a):\n    from helpers import descent as g\n    return g.gradient_step(g, x, a)",
        "gradient_step = lambda g, x, a: d.gradient_step(g, x, a)",
        "def gradient_step(g, x, a):\n    def other(d):\n        d = 1\n    return d.gradient_step(g, x, a)",
        "class Mine:\n    step = d.gradient_step\ndef gradient_step(g, x, a): return Mine.step(g, x, a)",
    ],
)
def test_what_an_answer_takes_is_found_behind_names_of_its_own(answer):
    assert Copied(["import helpers.descent as d", answer]).by("gradient_step") == ["helpers.descent"]


@pytest.mark.parametrize(
    "cell",
    {
        "magics without end": "x = 1\n" * 1_000 + "!ls\n" * 10_000,
        "long dotted names": "def f():\n" + ("    a" + 900 * ".b" + "\n") * 130,
        "deeply nested": "".join(f"{k * ' '}def f():\n" for k in range(99)) + 99 * " " + 50_000 * "a," + "\n",
        "deeper than Python goes": 5_000 * "(" + 5_000 * ")",
        "one long sum": 100_000 * "-" + "1",
        "no text at all": "\0" * 1_000,
    }.values(),
)
def test_whatever_a_cell_says_it_can_be_looked_through(cell):
    found = Copied([cell, "from helpers.descent import gradient_step"])
    assert found.whole
    assert found.by("gradient_step") == ["helpers.descent"]


def test_of_a_very_long_notebook_it_says_that_not_all_was_looked_through():
    assert not Copied([MOST_READ * " ", "from helpers.descent import gradient_step"]).whole


@pytest.mark.parametrize(
    ("content", "points"),
    [
        ({"ended": True, "value": None}, 4.0),
        ({"ended": True, "value": {"float": (1.5).hex()}}, 1.5),
        ({"ended": True, "value": {"float": "nan"}}, 0.0),
        ({"ended": True, "value": {"float": "inf"}}, 0.0),
        ({"ended": True, "value": {"float": (5.0).hex()}}, 0.0),
        ({"ended": True, "value": {"float": (-1.0).hex()}}, 0.0),
        ({"ended": True, "value": "4"}, 0.0),
        ({"ended": 1, "value": None}, 0.0),
        ({"ended": False, "error": {"ename": "AssertionError", "evalue": "", "traceback": []}}, 0.0),
        ({"ended": False, "error": "x"}, 0.0),
        ({}, 0.0),
    ],
)
def test_a_hand_written_test_earns_points_only_by_running_to_its_end(content, points):
    assert run_test(CELL, lambda *_: Answer(content, [])).points == points
