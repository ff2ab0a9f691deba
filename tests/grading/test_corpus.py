"""The corpus as one class, graded by plain `nbgrader autograde` and by `downhill grade`: points and harm.

Nobody but a kernel in its sandbox runs what is hostile. Right answers stand among the attacks in the alphabet,
so whatever spoils a neighbour's grade spoils one of theirs.
"""

import csv
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from tests.attacks.classroom import Watch, outputs, prepared
from tests.attacks.corpus import entries
from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, Classroom

GROUPS = entries()
STUDENTS = {student: entry for group in GROUPS.values() for student, entry in group.items()}
ATTACKS = [student for name, group in GROUPS.items() if name != "honest" for student in group]
WAYS = ("nbgrader autograde", "downhill grade")


@pytest.fixture(scope="module")
def both(founded, tmp_path_factory):
    """Return the class graded in both ways, at the same time, and who watched over it."""
    with Watch() as watch:
        rooms = {way: founded.copied(tmp_path_factory.mktemp("corpus") / "course") for way in WAYS}
        for room in rooms.values():
            prepared(room, watch)
        before = {way: watch.digest(rooms[way]) for way in WAYS}
        with ThreadPoolExecutor(2) as pool:
            done = {way: pool.submit(grade, way, rooms[way], watch) for way in WAYS}
            for way in WAYS:
                rooms[way].report = done[way].result()
        for way, graded in rooms.items():
            after = watch.digest(graded)
            graded.changed = sorted(
                name for name in before[way] | after if before[way].get(name) != after.get(name)
            )
            # A cell that nobody could run has no automatic score in nbgrader's own books, which count it as zero.
            graded.found = {
                student: {name: score or 0.0 for name, score in cells.items()}
                for student, cells in graded.scores().items()
            }
        yield rooms, watch


def grade(way, room, watch):
    """Grade the class in one of the two ways; return the report, if there is one."""
    secret = {"DOWNHILL_CANARY": watch.canary}
    if way == "downhill grade":
        arguments = ("-m", "helpers.cli", "grade", ASSIGNMENT, "--json", "report.json")
        room.run(*arguments, "--workers", "2", expect=1, **secret)
        return json.loads((room.folder / "report.json").read_bytes())
    room.run("-m", "nbgrader", "autograde", ASSIGNMENT, expect=None, **secret)
    return None


@pytest.fixture(params=WAYS)
def graded(request, both):
    """Return the class as graded in one way."""
    return both[0][request.param]


@pytest.fixture
def report(both):
    """Return what `downhill grade` reports of each student."""
    return {line["student"]: line for line in both[0]["downhill grade"].report["students"]}


def test_the_corpus_covers_every_group_and_is_large_enough():
    assert len(ATTACKS) >= 60
    assert len(GROUPS["honest"]) >= 30
    assert len(STUDENTS) == sum(map(len, GROUPS.values()))


def test_everybody_gets_the_points_they_must(graded):
    wrong = {
        student: (graded.found.get(student), entry.scores)
        for student, entry in STUDENTS.items()
        if graded.found.get(student) != entry.scores
    }
    assert wrong == {}


def test_every_attack_was_really_tried(graded):
    missed = {
        student: outputs(graded.graded(student))[:1000]
        for student, entry in STUDENTS.items()
        if entry.shown and entry.shown not in outputs(graded.graded(student))
    }
    assert missed == {}


def test_nothing_secret_is_in_any_graded_notebook(graded, both):
    canary = both[1].canary
    told = [
        path
        for path in (graded.folder / "autograded").rglob("*.ipynb")
        if canary in path.read_text(encoding="utf-8")
    ]
    assert told == []


def test_grading_changed_no_file_that_it_may_only_read(graded):
    assert graded.changed == []


def test_no_file_process_or_call_came_out_of_a_sandbox(both):
    rooms, watch = both
    assert [watch.files(room) for room in rooms.values()] == [[], []]
    assert watch.processes() == []
    assert watch.calls() == []


def test_the_report_names_those_who_need_attention_and_nobody_else(report):
    certain = {student: entry.attention for student, entry in STUDENTS.items() if entry.attention is not None}
    assert {student: bool(report[student]["attention"]) for student in certain} == certain


def test_the_report_says_what_was_called_instead_of_written(report):
    said = {}
    for student, line in report.items():
        verdicts = [item for facts in line["notebooks"].values() for item in facts["verdicts"].items()]
        redirected = {name for name, verdict in verdicts if verdict.get("redirected")}
        if redirected:
            said[student] = redirected
    assert said == {student: set(entry.redirected) for student, entry in STUDENTS.items() if entry.redirected}


class Dangers(HTMLParser):
    """What of a page would run a student's code in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self.script = [], False

    def handle_starttag(self, tag, attributes) -> None:
        self.script = tag == "script"
        for name, value in attributes:
            if (name.startswith("on") and "alert" in (value or "")) or "javascript:" in (value or ""):
                self.found.append((tag, name, value))
        if tag in ("iframe", "object", "embed"):
            self.found.append((tag, attributes))

    def handle_endtag(self, tag) -> None:
        self.script = False

    def handle_data(self, data) -> None:
        if self.script and ("evil" in data or "alert(" in data):
            self.found.append(("script", data))


@pytest.fixture(scope="module")
def published(both, tmp_path_factory):
    """Return the class of those who attack the reader, with feedback and an exported table."""
    whole = both[0]["downhill grade"]
    room = Classroom(tmp_path_factory.mktemp("published") / "course", whole.package)
    shutil.copytree(whole.folder, room.folder, ignore=shutil.ignore_patterns("submitted", "autograded"))
    for student in GROUPS["reader"]:
        shutil.copytree(whole.folder / "autograded" / student, room.folder / "autograded" / student)
    room.nbgrader("generate_feedback", ASSIGNMENT)
    room.nbgrader("export", "--to", "grades.csv")
    return room


@pytest.mark.parametrize("student", GROUPS["reader"])
def test_feedback_runs_nothing_of_a_students(published, student):
    page = published.folder / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html"
    dangers = Dangers()
    dangers.feed(page.read_text(encoding="utf-8"))
    assert dangers.found == []


def test_the_exported_table_has_no_formula(published):
    with open(published.folder / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > len(GROUPS["reader"])
    formulas = [text for row in rows for text in row if text[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert formulas == []
