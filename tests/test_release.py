"""The life of an assignment with nbgrader's own commands, in a temporary copy of the course."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode

from helpers.exercises import EXERCISES
from helpers.notebooks import RELEASE, normalise, read, write
from helpers.release import copy_of_the_course, nbgrader, regenerate

ROOT = Path(__file__).parent.parent
ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.parametrize("assignment", ASSIGNMENTS)]

# Which of the exercises, in their order, each student has solved.
STUDENTS = {
    "all": lambda place: True,
    "half": lambda place: place % 2 == 0,
    "nothing": lambda place: False,
}
VALIDATE = "import json, sys; from nbgrader.validator import Validator; "
VALIDATE += "print(json.dumps({path: Validator().validate(path) for path in sys.argv[1:]}))"


@dataclass(frozen=True)
class Classroom:
    """A course in a folder of its own, graded, with the rows of the exported table."""

    place: Path
    rows: dict[tuple[str, str], dict[str, str]]

    def notebook(self, step: str, assignment: str, student: str = "") -> Path:
        """Return the one notebook of an assignment in source/, release/, submitted/ or autograded/."""
        (path,) = (self.place / step / student / assignment).glob("*.ipynb")
        return path


def exercises_of(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the graded cells of an assignment by grade id, in their order."""
    cells = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            cells[about.grade_id] = cell
    return cells


def solved_by(student: str, notebook: NotebookNode) -> list[str]:
    """Return the ids of the exercises a student has solved."""
    return [name for place, name in enumerate(exercises_of(notebook)) if STUDENTS[student](place)]


def hand_in(classroom: Classroom, assignment: str, student: str) -> None:
    """Fill the reference solutions of some exercises into the released notebook and submit it."""
    instructor = {cell.id: cell.source for cell in read(classroom.notebook("source", assignment)).cells}
    path = classroom.notebook("release", assignment)
    notebook = read(path)
    solved = solved_by(student, notebook)
    waiting = []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            waiting.append(cell)
        elif about.get("grade"):
            for answer in waiting if about.grade_id in solved else ():
                lines = instructor[answer.id].splitlines()
                answer.source = "\n".join(line for line in lines if " SOLUTION" not in line)
            waiting = []
    target = classroom.place / "submitted" / student / assignment / path.name
    target.parent.mkdir(parents=True)
    write(normalise(notebook, RELEASE), target)


@pytest.fixture(scope="module")
def classroom(tmp_path_factory) -> Classroom:
    """Every assignment, handed in by every student, graded in one run."""
    place = tmp_path_factory.mktemp("classroom")
    copy_of_the_course(ROOT, place)
    nbgrader(place, "generate_assignment", "*")
    classroom = Classroom(place, {})
    for assignment in ASSIGNMENTS:
        for student in STUDENTS:
            hand_in(classroom, assignment, student)
    nbgrader(place, "autograde", "*")
    nbgrader(place, "generate_feedback", "*")
    nbgrader(place, "export", "--to", "grades.csv")
    with open(place / "grades.csv", newline="", encoding="utf-8") as file:
        classroom.rows.update({(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)})
    return classroom


@pytest.fixture(scope="module")
def validated(classroom) -> dict[str, dict]:
    """What JupyterLab's *Validate* button answers on the half-solved notebook of every assignment."""
    paths = [str(classroom.notebook("submitted", assignment, "half")) for assignment in ASSIGNMENTS]
    done = subprocess.run(
        [sys.executable, "-c", VALIDATE, *paths],
        cwd=classroom.place,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def test_generate_assignment_leaves_release_as_it_is(classroom, assignment):
    committed = files_below(ROOT / "release" / assignment)
    assert committed
    assert files_below(classroom.place / "release" / assignment) == committed


def test_each_graded_cell_is_an_exercise_with_its_points(classroom, assignment):
    cells = exercises_of(read(classroom.notebook("source", assignment)))
    assert cells
    assert {name: cell.metadata.nbgrader.points for name, cell in cells.items()} == {
        name: exercise.points for name, exercise in EXERCISES.items() if exercise.chapter == assignment
    }
    for name, cell in cells.items():
        assert f'check("{name}", ' in cell.source.splitlines()[-1]


@pytest.mark.parametrize("student", STUDENTS)
def test_each_student_gets_the_points_of_what_is_solved(classroom, assignment, student):
    notebook = read(classroom.notebook("source", assignment))
    points = {name: EXERCISES[name].points for name in exercises_of(notebook)}
    row = classroom.rows[assignment, student]
    assert float(row["score"]) == sum(points[name] for name in solved_by(student, notebook))
    assert float(row["max_score"]) == sum(points.values())


def test_a_half_solved_notebook_is_worth_more_than_nothing_and_less_than_all(classroom, assignment):
    scores = [float(classroom.rows[assignment, student]["score"]) for student in ("nothing", "half", "all")]
    assert scores == sorted(set(scores))


@pytest.mark.parametrize("student", STUDENTS)
def test_the_feedback_says_the_score(classroom, assignment, student):
    (page,) = (classroom.place / "feedback" / student / assignment).glob("*.html")
    row = classroom.rows[assignment, student]
    text = page.read_text(encoding="utf-8")
    assert f"(Score: {float(row['score'])} / {float(row['max_score'])})" in text


def test_validate_finds_what_grading_finds(classroom, assignment, validated):
    path = classroom.notebook("submitted", assignment, "half")
    notebook = read(path)
    unsolved = exercises_of(notebook).keys() - set(solved_by("half", notebook))
    answer = validated[str(path)]
    assert set(answer) == {"failed"}
    assert {cell["source"] for cell in answer["failed"]} == {
        exercises_of(notebook)[name].source for name in unsolved
    }
