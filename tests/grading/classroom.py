"""A course in a temporary folder, with students who hand in all kinds of notebooks, graded for real."""

import compileall
import copy
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

ROOT = Path(__file__).parents[2]
ASSIGNMENT, NOTEBOOK = "01-step-size-and-curvature", "step-size-and-curvature"
FULL = 12.0

CONFIG = """
from pathlib import Path
from helpers.grading.settings import configure
c = globals()["c"]
c.CourseDirectory.course_id = "downhill"
c.CourseDirectory.root = str(Path(__file__).absolute().parent)
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
configure(c, cell_seconds=5, grace_seconds=1, notebook_seconds=60)
"""

HAND_WRITTEN = {
    "answer": (
        "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
        {"solution": True},
    ),
    "open-test": ("assert double(2) == 4", {"grade": True, "locked": True, "points": 2}),
    "partial-test": (
        "(double(1) == 2) + 0.5 * (double(2) == 4)",
        {"grade": True, "locked": True, "points": 1.5},
    ),
    "hidden-test": (
        "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(21) == 42, 'the secret is 42'\n### END HIDDEN TESTS",
        {"grade": True, "locked": True, "points": 1},
    ),
    "essay": (
        "### BEGIN MARK SCHEME\nnames slopes\n### END MARK SCHEME",
        {"solution": True, "grade": True, "points": 3},
    ),
}


def hand_written() -> dict:
    """Return an assignment with tests that an instructor wrote, one of them hidden, and a written answer."""
    cells = []
    for name, (source, marks) in HAND_WRITTEN.items():
        nbgrader = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        kind = "markdown" if name == "essay" else "code"
        cell = {"cell_type": kind, "id": name, "source": source, "metadata": {}}
        cell["metadata"]["nbgrader"] = {**nbgrader, "grade_id": name, **marks}
        cells.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


class Classroom:
    """A course folder: `hand_in` puts notebooks into it, `autograde` and `grade` grade them."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.folder = folder
        self.package = package  # the folder that holds `helpers`

    @classmethod
    def founded(cls, folder: Path, package: Path) -> "Classroom":
        """Return a course with both assignments released and in its gradebook, graded by a copy of `helpers`.

        Whoever edits the course while tests run does not change what this copy's grades depend on.
        """
        shutil.copytree(ROOT / "helpers", package / "helpers")
        compileall.compile_dir(package / "helpers", quiet=2)  # else every process would do it again
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(CONFIG)
        shutil.copytree(ROOT / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
        (folder / "source" / "by-hand").mkdir()
        (folder / "source" / "by-hand" / "by-hand.ipynb").write_text(json.dumps(hand_written()))
        room = cls(folder, package)
        for assignment in (ASSIGNMENT, "by-hand"):
            room.nbgrader("generate_assignment", assignment)
        return room

    def copied(self, folder: Path) -> "Classroom":
        """Return a copy of the whole course."""
        shutil.copytree(self.folder, folder)
        return Classroom(folder, self.package)

    def notebook(self, step: str = "source", assignment: str = ASSIGNMENT, name: str = NOTEBOOK) -> dict:
        """Return a notebook: with solutions from source, with stubs from release."""
        return json.loads((self.folder / step / assignment / f"{name}.ipynb").read_bytes())

    def hand_in(
        self, student: str, notebook: dict | bytes, assignment=ASSIGNMENT, name=NOTEBOOK, **files
    ) -> Path:
        """Put a notebook, or bytes in place of one, and other files into a student's folder."""
        place = self.folder / "submitted" / student / assignment
        place.mkdir(parents=True, exist_ok=True)
        content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (place / f"{name}.ipynb").write_bytes(content)
        for file, text in files.items():
            (place / file.replace("__", ".")).write_text(text)
        return place

    def run(self, *command: str, expect: int | None = 0, **environment: str) -> subprocess.CompletedProcess:
        """Run a command in the course's folder."""
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env={
                **os.environ,
                "PATH": path,
                "PYTHONPATH": str(self.package),
                "COLUMNS": "200",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if expect is not None:
            assert done.returncode == expect, done.stdout + done.stderr
        return done

    def nbgrader(self, *arguments: str, expect: int | None = 0) -> str:
        """Run an nbgrader command and return what it said."""
        done = self.run("-m", "nbgrader", *arguments, expect=expect)
        return done.stdout + done.stderr

    def grade(self, *arguments: str, assignment=ASSIGNMENT, expect: int | None = 0) -> dict:
        """Run `downhill grade` and return its JSON."""
        done = self.run("-m", "helpers.cli", "grade", assignment, "--json", "-", *arguments, expect=expect)
        return json.loads(done.stdout) if done.stdout else {"said": done.stderr}

    def gradebook(self) -> Gradebook:
        """Return the open gradebook."""
        return Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "downhill")

    def scores(self, assignment: str = ASSIGNMENT) -> dict[str, dict[str, float | None]]:
        """Return the automatic scores of every student, by cell."""
        found = {}
        with self.gradebook() as gradebook:
            for student in sorted(student.id for student in gradebook.students):
                try:
                    submission = gradebook.find_submission(assignment, student)
                except MissingEntry:
                    continue
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                found[student] = {grade.name: grade.auto_score for grade in grades}
        return found

    def totals(self, assignment: str = ASSIGNMENT) -> dict[str, float]:
        """Return the sum of every student's automatic scores."""
        return {
            student: sum(score or 0 for score in cells.values())
            for student, cells in self.scores(assignment).items()
        }

    def graded(self, student: str, assignment=ASSIGNMENT, name=NOTEBOOK) -> dict:
        """Return a graded notebook."""
        return json.loads((self.folder / "autograded" / student / assignment / f"{name}.ipynb").read_bytes())


def cell(notebook: dict, grade_id: str) -> dict:
    """Return the cell with this grade id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def answered(notebook: dict, **answers: str) -> dict:
    """Return a copy of a notebook with other texts in its cells, named by grade id with _ for -."""
    changed = copy.deepcopy(notebook)
    for name, source in answers.items():
        cell(changed, name.replace("_", "-"))["source"] = source
    return changed


def code(source: str) -> dict:
    """Return a student's own code cell."""
    return {
        "cell_type": "code",
        "id": f"own-{abs(hash(source)) % 10**8}",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
