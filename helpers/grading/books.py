"""The one writer: grades into nbgrader's gradebook, one transaction per submission, and notebooks into autograded/.

It uses nbgrader's own steps, so late penalties, manual grades, comments and extra credit are treated as ever.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbformat.notebooknode import from_dict
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from helpers.errors import DownhillError
from helpers.grading.job import Graded
from helpers.grading.submissions import Submission, hash_of

READ_ONLY = 0o444
Scores = dict[str, dict[str, float | None]]


@contextmanager
def writing(what: str) -> Iterator[None]:
    """Say in one sentence that something of the course could not be written; raises `DownhillError` then."""
    try:
        yield
    except (OSError, SQLAlchemyError, InvalidEntry) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise DownhillError(
            f"{what} could not be written ({reason}). The grades written before are kept: "
            "once that is put right, run the same command again."
        ) from error


@contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Let nbgrader's own methods, each of which commits, take part in one transaction: all of it or nothing."""
    session = gradebook.db
    commit = session.commit

    session.commit = session.flush
    try:
        with session.no_autoflush:
            yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.commit = commit


class Books:
    """A course's gradebook and its folder of graded notebooks, for one assignment."""

    def __init__(self, gradebook: Gradebook, course, assignment: str, config: Config) -> None:
        self.gradebook, self.course, self.assignment = gradebook, course, assignment
        self.saver = SaveAutoGrades(config=config)
        self.penalties = AssignLatePenalties(config=config)
        self.penalties.init_plugin()
        self.saver.assignment_id = assignment
        # What was read stays read after a commit: nobody else changes an assignment's cells meanwhile.
        gradebook.db().expire_on_commit = False
        self.cells = {
            cell.id: (notebook.name, cell.name)
            for notebook in gradebook.find_assignment(assignment).notebooks
            for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
        }

    def record(
        self, submission: Submission, graded: Graded, files: dict[str, bytes]
    ) -> tuple[dict[str, str], Scores]:
        """Write one grade: first the notebooks, then the gradebook; return what was written: hashes, and scores.

        Whoever is killed in between has written nothing that the next run will not write again.
        """
        written = self._place(submission.student, {**files, **_encoded(graded.notebooks)})
        with one_transaction(self.gradebook):
            self.gradebook.update_or_create_student(submission.student)
            found = self.gradebook.update_or_create_submission(
                self.assignment, submission.student, timestamp=submission.timestamp
            )
            marks = Marks(self.gradebook, found, self.cells)
            for name, text in graded.notebooks.items():
                self._save(submission.student, name, json.loads(text), marks)
            for name in graded.missing:
                marks.nothing_for(name)
            self._penalize(found)
        return written, marks.scores(found)

    def refresh(self, student: str) -> None:
        """Work a late penalty out again: a due date or an extension may have changed since."""
        with one_transaction(self.gradebook):
            self._penalize(self.gradebook.find_submission(self.assignment, student))

    def stands(self, entry: dict) -> bool:
        """Whether gradebook and autograded/ still hold what an audit line says that they do."""
        if self.scores(entry["student"]) != entry["scores"]:
            return False
        folder = self._folder(entry["student"])
        return all(
            (folder / name).is_file() and hash_of((folder / name).read_bytes()) == said
            for name, said in entry["files"].items()
        )

    def scores(self, student: str) -> Scores:
        """Return the automatic scores in the gradebook, by notebook and cell; none if there is no submission."""
        try:
            found = self.gradebook.find_submission(self.assignment, student)
        except MissingEntry:
            return {}
        return Marks(self.gradebook, found, self.cells).scores(found)

    def total(self, student: str) -> tuple[float, float]:
        """Return a student's points, after penalties, and the points to be had."""
        sums = (
            SubmittedAssignment.score,
            SubmittedAssignment.late_submission_penalty,
            SubmittedAssignment.max_score,
        )
        query = self.gradebook.db.query(*sums).join(
            Assignment, Assignment.id == SubmittedAssignment.assignment_id
        )
        score, penalty, maximum = query.filter(
            Assignment.name == self.assignment, SubmittedAssignment.student_id == student
        ).one()
        return max(0.0, score - penalty), maximum

    def _save(self, student: str, name: str, notebook: dict, marks: "Marks") -> None:
        self.saver.student_id, self.saver.notebook_id, self.saver.gradebook = student, name, marks
        for index, cell in enumerate(notebook["cells"]):
            if "nbgrader" in cell["metadata"]:
                (cell,) = rejoin_lines(from_dict({"cells": [cell]})).cells
                self.saver.preprocess_cell(cell, {}, index)

    def _penalize(self, found: SubmittedAssignment) -> None:
        student, late = found.student.id, found.total_seconds_late
        if late > 0:
            self.gradebook.db.flush()
            self.gradebook.db.expire_all()  # sums that the database works out are read again
        for notebook in found.notebooks:
            penalty = None
            if late > 0:
                penalty = self.penalties.plugin_inst.late_submission_penalty(student, notebook.score, late)
            if penalty is not None:
                penalty = self.penalties._check_late_penalty(notebook, penalty)
            notebook.late_submission_penalty = penalty

    def _folder(self, student: str) -> Path:
        return Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))

    def _place(self, student: str, files: dict[str, bytes]) -> dict[str, str]:
        """Put a submission's files where nbgrader expects them, complete or not at all."""
        final = self._folder(student)
        final.parent.mkdir(parents=True, exist_ok=True)
        fresh = final.with_name(f".{final.name}.new")
        stale = final.with_name(f".{final.name}.old")
        for left_over in (fresh, stale):
            shutil.rmtree(left_over, ignore_errors=True)
        for name, content in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
            (fresh / name).chmod(READ_ONLY)
        fresh.mkdir(exist_ok=True)
        if final.exists():
            os.rename(final, stale)
        os.rename(fresh, final)
        shutil.rmtree(stale, ignore_errors=True)
        return {name: hash_of(content) for name, content in files.items()}


class Marks:
    """All grades and comments of one submission, read at once: what nbgrader's own step asks a gradebook for, one by one.

    `grades` and `comments` are by notebook and cell. Nothing is written before the transaction's end.
    """

    def __init__(self, gradebook: Gradebook, submission: SubmittedAssignment, cells: dict) -> None:
        self.db = self  # which `SaveAutoGrades` commits after every cell
        self.grades, self.comments = (
            {
                cells[one.cell_id]: one
                for one in gradebook.db.query(kind)
                .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
                .filter(SubmittedNotebook.assignment_id == submission.id)
                .populate_existing()
            }
            for kind in (Grade, Comment)
        )

    def find_grade(self, cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """Return the grade of a cell; raises MissingEntry as the gradebook does."""
        return self._found(self.grades, notebook, cell)

    def find_comment(self, cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """Return the comment on a cell; raises MissingEntry as the gradebook does."""
        return self._found(self.comments, notebook, cell)

    def scores(self, submission: SubmittedAssignment) -> Scores:
        """Return the automatic scores, by notebook and cell."""
        scores = {notebook.name: {} for notebook in submission.notebooks}
        for (notebook, cell), grade in self.grades.items():
            scores[notebook][cell] = grade.auto_score
        return scores

    def commit(self) -> None:
        """Leave that to the transaction."""

    def nothing_for(self, notebook: str) -> None:
        """Give no points for a notebook that is missing."""
        for (name, _), grade in self.grades.items():
            if name == notebook:
                grade.auto_score, grade.needs_manual_grade = 0, grade.manual_score is not None

    @staticmethod
    def _found(marks: dict, notebook: str, cell: str):
        try:
            return marks[notebook, cell]
        except KeyError:
            raise MissingEntry(f"No such cell: {notebook}/{cell}") from None


def _encoded(notebooks: dict[str, str]) -> dict[str, bytes]:
    return {f"{name}.ipynb": text.encode() for name, text in notebooks.items()}
