"""One class, graded by plain `nbgrader autograde` and by `downhill grade`: the same scores, and the right ones."""

import copy
import json

import pytest

from helpers.grading.seeds import course_secret
from tests.grading.classroom import ASSIGNMENT, FULL, NOTEBOOK, answered, cell, code

STEP = "gradient-step"


def right(room):
    return room.notebook()


def stub(room):
    return room.notebook("release")


def one_wrong(room):
    return answered(
        right(room), gradient_step_code="def gradient_step(grad, x, alpha):\n    return x + alpha * grad(x)"
    )


def skip_tag(room):
    notebook = stub(room)
    for test in notebook["cells"]:
        test["metadata"]["tags"] = ["skip-execution"]
    return notebook


def deleted_tests(room):
    notebook = stub(room)
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"]["nbgrader"]["grade"]]
    return notebook


def deleted_but_right(room):
    notebook = right(room)
    notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"]["nbgrader"]["grade"]]
    return notebook


def duplicated(room):
    notebook = right(room)
    notebook["cells"] = [copy.deepcopy(c) for c in notebook["cells"] for _ in range(2)]
    return notebook


def checks_first(room):
    notebook = right(room)
    notebook["cells"].sort(key=lambda c: not c["metadata"]["nbgrader"]["grade"])
    return notebook


def split_answer(room):
    notebook = right(room)
    place = notebook["cells"].index(cell(notebook, "gradient-descent-code"))
    first = copy.deepcopy(notebook["cells"][place])
    first["source"], first["id"] = "HELPER = 1.0\n", "first-half"
    notebook["cells"].insert(place, first)
    return notebook


def retyped(room):
    notebook = right(room)
    test = cell(notebook, STEP)
    test["cell_type"] = "markdown"
    del test["outputs"], test["execution_count"]
    return notebook


def more_points(room):
    notebook = stub(room)
    cell(notebook, STEP)["metadata"]["nbgrader"]["points"] = 1000
    return notebook


def other_ids(room):
    notebook = stub(room)
    cell(notebook, STEP)["metadata"]["nbgrader"]["grade_id"] = "something-else"
    return notebook


def without_metadata(room):
    notebook = right(room)
    for one in notebook["cells"]:
        one["metadata"] = {}
    return notebook


def changed_test(room):
    return answered(stub(room), gradient_step="5.0")


def forged_outputs(room):
    notebook = stub(room)
    result = {
        "output_type": "execute_result",
        "data": {"text/plain": "1"},
        "metadata": {},
        "execution_count": 1,
    }
    cell(notebook, STEP)["outputs"] = [result]
    return notebook


def exits(room):
    notebook = stub(room)
    notebook["cells"].insert(3, code("import os\nos._exit(0)"))
    return notebook


def display_hook(room):
    source = (
        "class Five:\n    def __repr__(self): return '5'\n"
        "import helpers.check, sys\nhelpers.check.check = check = lambda *a, **k: Five()\n"
        "get_ipython().displayhook(Five())"
    )
    return answered(stub(room), gradient_step_code=source)


def always_equal(room):
    source = (
        "class Equal(float):\n    def __eq__(self, other): return True\n    def __abs__(self): return 0.0\n"
        "    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n"
        "def gradient_step(grad, x, alpha):\n    return Equal(1)"
    )
    return answered(stub(room), gradient_step_code=source)


def patched_answering(room):
    source = (
        "kernel = get_ipython().kernel\n"
        "def forged(stream, ident, message):\n"
        "    kernel.session.send(stream, 'downhill_reply', {'outcomes': 'all right', 'entered': []}, message, ident=ident)\n"
        "kernel.shell_handlers['downhill_request'] = forged"
    )
    return answered(stub(room), gradient_step_code=source)


def warns(room):
    notebook = right(room)
    source = cell(notebook, "gradient-step-code")["source"]
    warning = "import sys, warnings\nprint('hm', file=sys.stderr)\nwarnings.warn('careful')\n"
    return answered(notebook, gradient_step_code=warning + "".join(source))


def old_format(room):
    cells = [
        {**{k: v for k, v in c.items() if k not in ("source", "id")}, "language": "python"}
        | (
            {"input": c["source"], "collapsed": False}
            if c["cell_type"] == "code"
            else {"source": c["source"]}
        )
        for c in right(room)["cells"]
    ]
    return {
        "worksheets": [{"cells": cells, "metadata": {}}],
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
    }


def windows(room):
    text = json.dumps(right(room)).replace("\\n", "\\r\\n")
    return b"\xef\xbb\xbf" + text.encode()


def invalid(room):
    return b'{"cells": ['


def empty(room):
    return b""


def not_a_notebook(room):
    return json.dumps([1, 2]).encode()


def lone_surrogate(room):
    notebook = right(room)
    notebook["cells"].append(code("mark = 'x'"))
    return json.dumps(notebook).replace("'x'", "'\\ud800'").encode()


# Who hands in what, and the points it must get.
CLASS = {
    right: FULL,
    stub: 0,
    one_wrong: FULL - 1,
    skip_tag: 0,
    deleted_tests: 0,
    deleted_but_right: FULL,
    duplicated: FULL,
    checks_first: FULL,
    split_answer: FULL,
    retyped: FULL,
    more_points: 0,
    other_ids: 0,
    without_metadata: FULL,
    changed_test: 0,
    forged_outputs: 0,
    exits: 0,
    display_hook: 0,
    always_equal: 0,
    patched_answering: 0,
    warns: FULL,
    old_format: FULL,
    windows: FULL,
    invalid: 0,
    empty: 0,
    not_a_notebook: 0,
    lone_surrogate: FULL,
}
EXPECTED = {make.__name__.replace("_", "-"): float(points) for make, points in CLASS.items()}


@pytest.fixture(scope="module")
def handed_in(founded, tmp_path_factory):
    """Return a course in which everybody has handed in."""
    room = founded.copied(tmp_path_factory.mktemp("handed-in") / "course")
    course_secret(room.folder / ".downhill")  # which decides the cases: now both copies have the same
    for make in CLASS:
        room.hand_in(make.__name__.replace("_", "-"), make(room))
    return room


@pytest.fixture(scope="module")
def autograded(handed_in, tmp_path_factory):
    """Return the class as graded by plain `nbgrader autograde`."""
    room = handed_in.copied(tmp_path_factory.mktemp("autograded") / "course")
    room.said = room.nbgrader("autograde", ASSIGNMENT)
    return room


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory):
    """Return the class as graded by `downhill grade`."""
    room = handed_in.copied(tmp_path_factory.mktemp("graded") / "course")
    room.report = room.grade("--workers", "2", expect=1)
    return room


def test_nbgrader_autograde_gives_everybody_the_right_points(autograded):
    assert autograded.totals() == EXPECTED


def test_downhill_grade_gives_everybody_the_right_points(graded):
    assert graded.totals() == EXPECTED


def test_both_ways_give_the_same_score_for_every_cell(autograded, graded):
    assert graded.scores() == autograded.scores()


IDS = {"id", "notebook_id", "assignment_id", "cell_id", "student_id"}


def everything(room) -> list[dict]:
    """Return the rows of grades, comments, notebooks and submissions in a gradebook, by name in place of ids."""
    found = []
    with room.gradebook() as gradebook:
        for submission in gradebook.find_assignment(ASSIGNMENT).submissions:
            marks = [
                mark for notebook in submission.notebooks for mark in (*notebook.grades, *notebook.comments)
            ]
            for row in (submission, *submission.notebooks, *marks):
                columns = {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name not in IDS}
                found.append({"student": submission.student.id, "of": row.name, "in": type(row), **columns})
    return sorted(found, key=lambda row: (row["student"], row["in"].__name__, row["of"]))


def test_both_ways_leave_the_same_gradebook(autograded, graded):
    ours, theirs = everything(graded), everything(autograded)
    assert len(ours) > 10 * len(CLASS)
    assert ours == theirs


def test_both_ways_judge_on_the_same_cases_and_say_the_same(autograded, graded):
    cards = [
        cell(room.graded("one-wrong"), STEP)["outputs"][0]["data"]["text/html"]
        for room in (autograded, graded)
    ]
    assert cards[0] == cards[1]
    assert "known mistake: uphill" in "".join(cards[0])


def test_the_report_names_those_who_need_attention(graded):
    attention = {line["student"] for line in graded.report["students"] if line["attention"]}
    assert attention == {"exits", "invalid", "empty", "not-a-notebook"}


def test_the_report_counts_misconceptions(graded):
    assert graded.report["misconceptions"] == {"gradient-step: uphill": 1}


@pytest.mark.parametrize(
    "student", ["duplicated", "checks-first", "retyped", "more-points", "old-format", "windows"]
)
def test_repairs_are_noted_on_top_of_the_notebook(graded, student):
    notebook = graded.graded(student)
    assert notebook["metadata"]["downhill"]["repairs"]
    assert "repaired" in "".join(notebook["cells"][0]["source"])


def test_a_right_notebook_is_not_repaired(graded):
    assert graded.graded("right")["metadata"]["downhill"]["repairs"] == []


def test_an_unreadable_file_is_a_zero_with_the_reason_on_every_card(graded):
    notebook = graded.graded("invalid")
    html = "".join(cell(notebook, STEP)["outputs"][0]["data"]["text/html"])
    assert "not valid JSON" in html


def test_a_kernel_that_ended_is_named_in_the_cards_that_follow(graded):
    html = "".join(cell(graded.graded("exits"), STEP)["outputs"][0]["data"]["text/html"])
    assert "kernel ended" in html


def test_no_test_cell_is_ever_without_a_decisive_output(graded):
    for student in EXPECTED:
        for one in graded.graded(student)["cells"]:
            if one["metadata"].get("nbgrader", {}).get("grade"):
                assert one["outputs"][0]["output_type"] == "execute_result"
                float("".join(one["outputs"][0]["data"]["text/plain"]))


def test_the_notebooks_name_is_the_assignments(graded):
    assert (graded.folder / "autograded" / "right" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").is_file()
