"""What an answer may take from the course is what its prompt names, and no more: all exercises, by text and by call."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers.applications import capstone as landscapes
from helpers.calling import call
from helpers.exercises import EXERCISES
from helpers.grading.answering import _Case, _modules_entered
from helpers.grading.redirection import HARMLESS, Copied

ROOT = Path(__file__).parents[2]
NO_METHODS = ("helpers.check", "helpers.problems", *HARMLESS)  # of what lessons import
ASKS_WITH = {  # a call of each method that walks, with an oracle in place of a gradient
    "gradient_descent": "gradient_descent(oracle, x0, 0.01, budget)",
    "heavy_ball": "heavy_ball(oracle, x0, 0.01, 0.5, budget)",
    "nesterov": "nesterov(oracle, x0, 0.01, 0.5, budget)",
    "adam": "adam(oracle, x0, 0.1, 0.9, 0.99, 1e-8, budget)",
    "uncorrected_adam": "uncorrected_adam(lambda x, t: oracle(x), x0, 0.1, 0.9, 0.99, 1e-8, budget)",
    "adamw": "adamw(oracle, x0, 0.1, 0.9, 0.99, 1e-8, 0.01, budget)",
    "rmsprop": "rmsprop(oracle, x0, 0.1, 0.9, 1e-8, budget)",
    "amsgrad": "amsgrad(lambda x, t: oracle(x), x0, 0.1, 0.9, 0.99, 1e-8, budget)",
}


@dataclass(frozen=True)
class Assignment:
    """The notebook of one chapter with its solutions: prompts and code by cell id, and all code in order."""

    cells: dict[str, str]
    code: list[str]


@cache
def assignment(chapter):
    (path,) = (ROOT / "source" / chapter).glob("*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return Assignment({c.id: c.source for c in cells}, [c.source for c in cells if c.cell_type == "code"])


def first_case(exercise, seed=3):
    case = next(iter(exercise.claims[0].cases(np.random.default_rng(seed))))
    return _Case(dict(case.inputs), case.repeat)


def reported(exercise, cells, by_text=True, by_call=True):
    """Return what is reported of the answer that these cells define, as the judge puts it together."""
    name = exercise.id.replace("-", "_")
    found = set(Copied(cells).by(name)) if by_text else set()
    if by_call:
        space = {}
        for cell in cells:
            exec(cell, space)
        case = first_case(exercise)
        outcome = call(space[name], case.practice())
        assert outcome.ok, outcome  # what stops half way has not entered all it would
        found |= set(_modules_entered(space[name], case))
    return sorted(found - set(exercise.may_call))


@cache
def imported_in_lessons():
    """Return (module, name) for what lessons 1 to 8 import from the course, figures and landscapes apart."""
    found = set()
    for path in sorted((ROOT / "course").glob("0[1-8]-*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
                if isinstance(node, ast.ImportFrom) and node.module.startswith("helpers."):
                    found |= {(node.module, a.name) for a in node.names}
    return sorted((module, name) for module, name in found if not module.startswith(NO_METHODS))


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_an_answer_that_somebody_has_written_is_not_reported(exercise):
    chapter = assignment(exercise.chapter)
    answer = chapter.cells[f"{exercise.id}-code"]
    assert reported(exercise, ["import numpy as np", answer], by_text=False) == []
    assert reported(exercise, chapter.code, by_call=False) == []


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_courses_own_implementation_is_reported_however_it_is_called(exercise):
    module, own = exercise.reference.__module__, exercise.reference.__name__
    name = exercise.id.replace("-", "_")
    for cells in (
        [f"from {module} import {own} as {name}"],
        [f"import {module} as m", f"def {name}(*given): return m.{own}(*given)"],
        [f"def {name}(*given):\n    import {module}\n    return {module}.{own}(*given)"],
        [f"from helpers.exercises import EXERCISES\n{name} = EXERCISES[{exercise.id!r}].reference"],
    ):
        assert reported(exercise, cells, by_call=False), f"by text: {cells}"
        assert reported(exercise, cells, by_text=False), f"by call: {cells}"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_the_course_may_be_called_where_the_prompt_says_so_and_nowhere_else(exercise):
    prompt = assignment(exercise.chapter).cells[f"{exercise.id}-prompt"]
    assert ("import" in prompt) == bool(exercise.may_call)
    assert "helpers" not in prompt


def test_the_capstone_may_take_whatever_the_lessons_of_chapters_1_to_8_import():
    assert len(imported_in_lessons()) > 50
    for module, name in imported_in_lessons():
        package, short = module.rsplit(".", 1)
        for cells in (
            [f"from {module} import {name} as theirs", "def capstone(*given): return theirs(*given)"],
            [f"from {package} import {short} as m", f"def capstone(*given): return m.{name}(*given)"],
            [f"import {module}", f"def capstone(*given): return {module}.{name}(*given)"],
        ):
            assert reported(EXERCISES["capstone"], cells, by_call=False) == []


@pytest.mark.parametrize("name", ASKS_WITH)
def test_the_capstone_may_walk_by_a_method_of_the_course(name):
    (module,) = {module for module, imported in imported_in_lessons() if imported == name}
    answer = f"def capstone(oracle, x0, budget):\n    return {ASKS_WITH[name]}[-1]"
    assert reported(EXERCISES["capstone"], [f"from {module} import {name}", answer]) == []


def test_the_capstone_may_take_its_settings_from_the_course():
    cells = [
        "import numpy as np\nfrom helpers.momentum import optimal_heavy_ball, heavy_ball",
        "from helpers import conditioning, stochastic, regularization, smoothness, flow, descent",
        """def capstone(oracle, x0, budget):
    L = smoothness.quadratic_smoothness([[np.linalg.norm(oracle(x0 + 1) - oracle(x0))]])
    kappa = conditioning.condition_number([[L, 0], [0, 1]])
    stochastic.decaying_steps(0.1, 10, budget), regularization.choose_ridge(L + 1, 1, 2), kappa
    flow.observed_order([1.0, 2.0], [1.0, 2.0]), descent.step_regime(0.1, 1.0)
    alpha, beta = optimal_heavy_ball(L + 1, 1)
    return heavy_ball(oracle, x0, alpha, beta, budget - 2)[-1]""",
    ]
    assert reported(EXERCISES["capstone"], cells) == []


def test_the_capstone_may_hold_a_method_copied_from_its_lesson():
    """Is the text of a shown method, with its checks of arguments, taken for more than the method itself?"""
    cells = [
        "import numpy as np\nfrom helpers import arguments\nfrom helpers.descent import new_path",
        """def capstone(oracle, x0, budget):
    budget = arguments.whole_number("budget", budget)
    x, alpha = new_path(x0, 0.01, budget)
    for k in range(budget):
        x[k + 1] = x[k] - alpha * oracle(x[k])
    return x[-1]""",
    ]
    assert reported(EXERCISES["capstone"], cells) == []


@pytest.mark.parametrize("part", ["accelerated", "shrinking_steps", "bar", "capstone"])
def test_of_the_capstones_own_parts_none_may_be_taken(part):
    assert callable(getattr(landscapes, part))
    cells = [f"from {landscapes.__name__} import {part} as m", "def capstone(*given): return m(*given)"]
    assert reported(EXERCISES["capstone"], cells, by_call=False) == ["helpers.applications"]
