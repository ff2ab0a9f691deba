"""The life of an assignment with nbgrader's own commands, in a temporary copy of the course."""

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from helpers import release
from helpers.errors import DownhillError
from helpers.exercises import EXERCISES
from helpers.notebooks import RELEASE, SOURCE, normalise, read, write
from helpers.release import copy_of_the_course, nbgrader, regenerate

ROOT = Path(__file__).parent.parent
ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())
of_each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)

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


@of_each_assignment
def test_generate_assignment_leaves_release_as_it_is(classroom, assignment):
    committed = files_below(ROOT / "release" / assignment)
    assert committed
    assert files_below(classroom.place / "release" / assignment) == committed


@of_each_assignment
def test_each_graded_cell_is_an_exercise_with_its_points(classroom, assignment):
    cells = exercises_of(read(classroom.notebook("source", assignment)))
    assert cells
    assert {name: cell.metadata.nbgrader.points for name, cell in cells.items()} == {
        name: exercise.points for name, exercise in EXERCISES.items() if exercise.chapter == assignment
    }
    for name, cell in cells.items():
        assert f'check("{name}", ' in cell.source.splitlines()[-1]


@of_each_assignment
@pytest.mark.parametrize("student", STUDENTS)
def test_each_student_gets_the_points_of_what_is_solved(classroom, assignment, student):
    notebook = read(classroom.notebook("source", assignment))
    points = {name: EXERCISES[name].points for name in exercises_of(notebook)}
    row = classroom.rows[assignment, student]
    assert float(row["score"]) == sum(points[name] for name in solved_by(student, notebook))
    assert float(row["max_score"]) == sum(points.values())


@of_each_assignment
def test_a_half_solved_notebook_is_worth_more_than_nothing_and_less_than_all(classroom, assignment):
    scores = [float(classroom.rows[assignment, student]["score"]) for student in ("nothing", "half", "all")]
    assert scores == sorted(set(scores))


@of_each_assignment
@pytest.mark.parametrize("student", STUDENTS)
def test_the_feedback_says_the_score(classroom, assignment, student):
    (page,) = (classroom.place / "feedback" / student / assignment).glob("*.html")
    row = classroom.rows[assignment, student]
    text = page.read_text(encoding="utf-8")
    assert f"(Score: {float(row['score'])} / {float(row['max_score'])})" in text


@of_each_assignment
def test_validate_finds_what_grading_finds(classroom, assignment, validated):
    path = classroom.notebook("submitted", assignment, "half")
    notebook = read(path)
    unsolved = exercises_of(notebook).keys() - set(solved_by("half", notebook))
    answer = validated[str(path)]
    assert set(answer) == {"failed"}
    assert {cell["source"] for cell in answer["failed"]} == {
        exercises_of(notebook)[name].source for name in unsolved
    }


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A course with one assignment "a" and, instead of nbgrader, something that copies source/ to release/."""
    cell = nbformat.v4.new_code_cell("x = 1", id="a-cell", metadata={"nbgrader": {"solution": True}})
    notebook = normalise(nbformat.v4.new_notebook(cells=[cell]), SOURCE)
    (tmp_path / "source" / "a").mkdir(parents=True)
    write(notebook, tmp_path / "source" / "a" / "a.ipynb")
    (tmp_path / "nbgrader_config.py").touch()

    def copies(place: Path, *arguments: str) -> str:
        assert arguments == ("generate_assignment", "*")
        (place / "gradebook.db").touch()
        shutil.copytree(place / "source", place / "release")
        return ""

    monkeypatch.setattr(release, "nbgrader", copies)
    return tmp_path


def test_regenerate_writes_what_is_missing_and_says_so_once(repository):
    assert regenerate(repository) == ["release/a/a.ipynb"]
    assert regenerate(repository) == []


def test_regenerate_brings_back_what_was_edited_and_removes_what_has_no_source(repository):
    regenerate(repository)
    generated = files_below(repository / "release")
    (repository / "release" / "a" / "a.ipynb").write_text("edited by hand", encoding="utf-8")
    (repository / "release" / "gone").mkdir()
    (repository / "release" / "gone" / "gone.ipynb").touch()
    assert sorted(regenerate(repository)) == ["release/a/a.ipynb", "release/gone/gone.ipynb"]
    assert files_below(repository / "release") == generated
    assert not (repository / "release" / "gone").exists()


def test_regenerate_brings_the_source_into_canonical_form_first(repository):
    path = repository / "source" / "a" / "a.ipynb"
    canonical = path.read_bytes()
    path.write_bytes(canonical.replace(b'"Python 3"', b'"Python 3 (ipykernel)"'))
    assert regenerate(repository) == ["source/a/a.ipynb", "release/a/a.ipynb"]
    assert path.read_bytes() == canonical


def test_regenerate_leaves_no_gradebook_behind(repository):
    regenerate(repository)
    assert not list(repository.rglob("gradebook.db*"))


def test_regenerate_without_assignments_says_where_to_add_one(tmp_path):
    with pytest.raises(DownhillError, match=r"There is no assignment in .*source: add source/<name>"):
        regenerate(tmp_path)


def test_a_command_that_fails_gives_the_reason_of_nbgrader(tmp_path):
    copy_of_the_course(ROOT, tmp_path)
    with pytest.raises(
        DownhillError, match="generate_assignment 99-nothing failed: No notebooks were matched"
    ):
        nbgrader(tmp_path, "generate_assignment", "99-nothing")


def test_the_reason_names_the_assignment_and_the_last_error_of_the_traceback():
    printed = """Traceback (most recent call last):
    RuntimeError: no end solution statement found

[GenerateAssignmentApp | ERROR] There was an error processing assignment '01-a' for student '.'
[GenerateAssignmentApp | ERROR] Please see the the above traceback for details on the specific errors"""
    assert release._reason(printed) == (
        "There was an error processing assignment '01-a' for student '.' - "
        "RuntimeError: no end solution statement found"
    )
