"""The corpus against an oracle that is counted: graded by plain `nbgrader autograde` and by `downhill grade`."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.asking import ASSIGNMENT, EXERCISE, askings
from tests.attacks.classroom import outputs
from tests.grading.classroom import code

STUDENTS = askings()
WAYS = ("nbgrader autograde", "downhill grade")
LIMITS = """
MIB = 2**20
configure(c, memory=512 * MIB, processes=40, output_bytes=16 * MIB, cpu_seconds=60, cell_seconds=25, grace_seconds=1,
          notebook_seconds=60)
"""


def source() -> dict:
    """Return an assignment with nothing but the capstone."""
    nbgrader = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    stub = "def capstone(oracle, x0, budget):\n    ### BEGIN SOLUTION\n    return x0\n    ### END SOLUTION"
    cells = []
    for name, text, marks in (
        ("imports", "from helpers.check import check", {"locked": True}),
        (f"{EXERCISE}-code", stub, {"solution": True}),
        (EXERCISE, 'check("capstone", capstone)', {"grade": True, "locked": True, "points": 5}),
    ):
        marked = {"nbgrader": {**nbgrader, "grade_id": name, **marks}}
        cells.append({**code(text), "id": name, "metadata": marked})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def prepared(room):
    """Release the capstone in a course, and hand in what everybody tries."""
    config = room.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + LIMITS)
    folder = room.folder / "source" / ASSIGNMENT
    folder.mkdir()
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(source()))
    room.nbgrader("generate_assignment", ASSIGNMENT)
    released = room.notebook("release", ASSIGNMENT, ASSIGNMENT)
    for student, asking in STUDENTS.items():
        room.hand_in(student, asking.notebook(released, code), ASSIGNMENT, ASSIGNMENT)


def grade(way, room):
    """Grade in one of the two ways; return the report, if there is one."""
    if way == "downhill grade":
        return room.grade("--workers", "2", assignment=ASSIGNMENT, expect=None)
    room.nbgrader("autograde", ASSIGNMENT, "--create", expect=None)
    return None


@pytest.fixture(scope="module")
def both(founded, tmp_path_factory):
    """Return the course graded in both ways."""
    first = founded.copied(tmp_path_factory.mktemp("oracle") / "course")
    prepared(first)
    second = first.copied(tmp_path_factory.mktemp("oracle") / "course")
    rooms = dict(zip(WAYS, (first, second), strict=True))
    with ThreadPoolExecutor(2) as pool:
        done = {way: pool.submit(grade, way, room) for way, room in rooms.items()}
        for way, room in rooms.items():
            room.report = done[way].result()
    return rooms


@pytest.fixture(params=WAYS)
def graded(request, both):
    """Return the course as graded in one way."""
    return both[request.param]


def test_there_are_enough_attacks_and_honest_variants():
    honest = [asking for asking in STUDENTS.values() if asking.points]
    assert len(honest) >= 6
    assert len(STUDENTS) - len(honest) >= 12


def test_everybody_gets_the_points_they_must(graded):
    found = graded.scores(ASSIGNMENT)
    wrong = {
        student: (found.get(student), asking.points)
        for student, asking in STUDENTS.items()
        if found.get(student) != {EXERCISE: asking.points}
    }
    assert wrong == {}


def test_every_attack_was_really_tried(graded):
    missed = {}
    for student, asking in STUDENTS.items():
        shown = outputs(graded.graded(student, ASSIGNMENT, ASSIGNMENT))
        if asking.shown not in shown:
            missed[student] = shown[:1000]
    assert missed == {}


def test_the_report_says_who_needs_attention_and_what_was_called_instead_of_written(both):
    report = {line["student"]: line for line in both["downhill grade"].report["students"]}
    certain = {
        student: asking.attention for student, asking in STUDENTS.items() if asking.attention is not None
    }
    assert {student: bool(report[student]["attention"]) for student in certain} == certain
    said = {
        student
        for student, line in report.items()
        for facts in line["notebooks"].values()
        if facts["verdicts"][EXERCISE].get("redirected")
    }
    assert said == {student for student, asking in STUDENTS.items() if asking.redirected}


def test_who_overspends_is_told_so(graded):
    for student in ("catches-the-refusal", "counter-in-the-closure", "forged-reply", "threads-overspend"):
        notebook = graded.graded(student, ASSIGNMENT, ASSIGNMENT)
        (card,) = (c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade"))
        assert "asked the oracle" in json.dumps(card["outputs"]), student
