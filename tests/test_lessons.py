"""What a lesson shows is what the course uses: the method in a cell is the method in helpers."""

import ast
from pathlib import Path

import nbformat
import pytest

from helpers.explore.course_map import CHAPTERS

COURSE = Path(__file__).parents[1] / "course"
LESSONS = sorted(COURSE.glob("[0-9][0-9]-*.ipynb"))
HELPERS = Path(__file__).parents[1] / "helpers"


def functions_of(source):
    """Return name -> syntax tree of the top-level functions, without docstrings and annotations."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.dump(bare(node))
    return found


def functions_in(module):
    """Return the functions of a module of helpers, or of all modules of a package, by name."""
    path = HELPERS.joinpath(*module.split("."))
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return {name: tree for file in files for name, tree in functions_of(file.read_text("utf-8")).items()}


def bare(node):
    """Return a function without what a lesson may leave out: the docstring and the annotations."""
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    node.returns = None
    for argument in [*node.args.args, *node.args.kwonlyargs]:
        argument.annotation = None
    return node


def shown_and_imported(lesson):
    """Return (name, tree in the lesson, module) for each function that a lesson defines and later imports."""
    cells = [cell.source for cell in nbformat.read(lesson, as_version=4).cells if cell.cell_type == "code"]
    trees = [ast.parse(source) for source in cells]
    shown = {}
    for source in cells:
        shown.update(functions_of(source))
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("helpers."):
                for alias in node.names:
                    if alias.name in shown:
                        yield alias.name, shown[alias.name], node.module.removeprefix("helpers.")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_method_that_is_shown_and_then_imported_is_the_same(lesson):
    for name, tree, module in shown_and_imported(lesson):
        assert functions_in(module)[name] == tree, f"{name} in {lesson.name} has drifted"


def test_the_first_lesson_shows_gradient_descent_before_it_imports_it():
    lesson = COURSE / "01-step-size-and-curvature.ipynb"
    assert "gradient_descent" in {name for name, _, _ in shown_and_imported(lesson)}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_every_lesson_ends_with_its_place_on_the_map(lesson):
    cells = nbformat.read(lesson, as_version=4).cells
    (place,) = (k for k, cell in enumerate(cells) if f'course_map("{lesson.stem}")' in cell.source)
    later = [cell.source for cell in cells[place + 1 :]]
    assert place > len(cells) / 2
    assert not any("explore" in source for source in later), "the map comes after the last figure"


def test_the_start_page_lists_every_chapter_with_what_it_asks_and_adds():
    text = "".join(cell.source for cell in nbformat.read(LESSONS[0], as_version=4).cells)
    for number, chapter in enumerate(CHAPTERS):
        title = f"[{chapter.title}]({chapter.name}.ipynb)" if number else chapter.title
        adds = chapter.adds.replace(" L ", " $L$ ")
        assert f"| {number} | {title} | {chapter.asks} | {adds} |" in text


def test_a_drift_is_noticed():
    ours = functions_of("def f(x):\n    return x - 1")
    assert ours != functions_of("def f(x):\n    return x - 2")
    assert ours == functions_of('def f(x: float) -> float:\n    """One less."""\n    return x - 1')
