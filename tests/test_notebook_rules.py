"""Every notebook that is committed keeps the rules, and the rules find what they are for."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

from helpers.notebook_rules import problems_of
from helpers.notebooks import (
    COURSE,
    KINDS,
    RELEASE,
    SETUP,
    SETUP_ID,
    SOURCE,
    normalise,
    write,
    written,
)
from tests.test_notebooks import PNG, code

ROOT = Path(__file__).parent.parent
COMMITTED = sorted(
    path
    for kind in KINDS
    for path in (ROOT / kind).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_committed_notebook_keeps_the_rules(path):
    assert problems_of(path) == []


def test_there_are_notebooks_of_every_kind():
    assert {path.relative_to(ROOT).parts[0] for path in COMMITTED} == set(KINDS)


def problems(folder, cell, kind=SOURCE):
    """Return the problems of a notebook in canonical form with the setup cell and this one."""
    path = folder / kind / "a.ipynb"
    path.parent.mkdir(exist_ok=True)
    setup = code(SETUP, SETUP_ID, count=1 if kind == COURSE else None)
    cells = [setup, cell]
    write(normalise(new_notebook(cells=cells), kind), path)
    return [problem.partition(" (")[2] for problem in problems_of(path)]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("What a step!", "has an exclamation mark in its prose"),
        ("Let\u2019s go downhill.", 'says "let\'s"'),
        ("In this notebook we will see.", 'says "in this notebook"'),
        ("It is simply a step.", 'says "simply"'),
        ("![](figure.png)", "has an image without alternative text: figure.png"),
        ('<img src="figure.png" alt="">', "has an image without alternative text: figure.png"),
        ("![a valley](missing.png)", "shows an image that is not there: missing.png"),
        (
            "![a valley](https://example.org/a.png)",
            "shows an image from the network: https://example.org/a.png",
        ),
        ("It is in /home/ada/course.", "names a path of one machine: /home/ada"),
    ],
)
def test_a_problem_of_the_prose_is_found(tmp_path, source, problem):
    (tmp_path / SOURCE).mkdir()
    (tmp_path / SOURCE / "figure.png").touch()
    assert problems(tmp_path, new_markdown_cell(source, id="prose")) == [f"prose) {problem}"]


@pytest.mark.parametrize(
    "source",
    [
        "$n! = 2$ and `x != y` and ```\n!ls\n``` <!-- ! -->",
        "![a valley](figure.png)",
        '<img src="figure.png"\n alt="a valley" width="3">',
        "See [the other one](other.ipynb#x!), 50 km/home or 1/2.",
        "Simplify the outlet's formula.",
    ],
)
def test_what_only_looks_like_a_problem_is_let_through(tmp_path, source):
    (tmp_path / SOURCE).mkdir()
    (tmp_path / SOURCE / "figure.png").touch()
    assert problems(tmp_path, new_markdown_cell(source, id="prose")) == []


@pytest.mark.parametrize("kind", [COURSE, RELEASE])
def test_a_solution_outside_source_is_found(tmp_path, kind):
    cell = code("### BEGIN SOLUTION\n1\n### END SOLUTION", "answer", count=2)
    assert problems(tmp_path, cell, kind) == [
        "answer) shows a solution or a hidden test, which belong in source/ only"
    ]
    assert problems(tmp_path, cell, SOURCE) == []


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        (new_output("stream", text="\x1b[31mred"), "prints terminal colours"),
        (new_output("stream", name="stderr", text="careful"), "writes to stderr: careful"),
        (
            new_output("display_data", data={"text/plain": "<F at 0x7f00aa55>"}),
            "prints a memory address, another one each time: at 0x7f00aa55",
        ),
        (
            new_output("display_data", data={"text/plain": "a", "text/html": "<p>/home/ada/x.py"}),
            "prints what names a path of one machine: /home/ada",
        ),
        (new_output("display_data", data={"image/png": PNG}), "has an output without a text alternative"),
        (
            new_output("display_data", data={"text/plain": "a", "application/x-own": "b"}),
            "has an output of a kind nobody sees on GitHub: application/x-own",
        ),
        (new_output("error", ename="E", evalue="v", traceback=[]), "ends in an error: E: v"),
    ],
)
def test_a_problem_of_a_run_is_found(tmp_path, output, problem):
    assert problems(tmp_path, code(outputs=[output], count=2), COURSE) == [f"x-is-one) {problem}"]


def test_a_cell_that_was_never_run_is_found(tmp_path):
    assert problems(tmp_path, code(), COURSE) == ["x-is-one) was never run; run `make course`"]


def broken(folder, change):
    """Return the problems of a good notebook after a change of its JSON."""
    path = folder / SOURCE / "a.ipynb"
    path.parent.mkdir()
    content = json.loads(written(normalise(new_notebook(cells=[code(SETUP, SETUP_ID), code()]), SOURCE)))
    change(content)
    path.write_text(
        json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return problems_of(path)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda nb: nb["cells"][1].update(id="8cf1f4a2"), "an id that is not made of words"),
        (lambda nb: nb["cells"][1].update(id=SETUP_ID), "the cell id 'setup' is used 2 times"),
        (lambda nb: nb["cells"][1].pop("id"), "(without an id) has an id that is not made of words"),
        (lambda nb: nb["cells"].pop(0), "its first code cell is not 'setup'"),
        (lambda nb: nb["cells"][0]["source"].pop(), "its first code cell is not 'setup'"),
        (lambda nb: nb["metadata"].update(jupytext={}), "it is paired by jupytext"),
        (lambda nb: nb["metadata"].update(language_info={}), "not in canonical form from line 35 on"),
        (lambda nb: nb["cells"][1].update(execution_count=4), "not in canonical form from line 21 on"),
        (lambda nb: nb.update(nbformat_minor=4), "not in canonical form"),
    ],
)
def test_a_problem_of_the_form_is_found(tmp_path, change, problem):
    assert any(problem in found for found in broken(tmp_path, change))


def test_a_good_notebook_has_no_problems(tmp_path):
    assert broken(tmp_path, lambda nb: None) == []


def test_a_missing_newline_at_the_end_is_found(tmp_path):
    broken(tmp_path, lambda nb: None)
    path = tmp_path / SOURCE / "a.ipynb"
    path.write_bytes(path.read_bytes().rstrip())
    assert ["canonical form" in problem for problem in problems_of(path)] == [True]
