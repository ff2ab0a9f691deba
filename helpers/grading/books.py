"""The one writer: grades into nbgrader's gradebook, one transaction per submission, and notebooks into autograded/.

Scores come from nbgrader's own step (`marks`), and late penalties from its plugins; what a grader wrote by hand stays.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, InvalidEntry, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from helpers.errors import DownhillError
from helpers.grading.job import Graded
from helpers.grading.rows import Rows, Scores, Tables
from helpers.grading.submissions import Submission, hash_of

READ_ONLY = 0o444


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
    """Write all of it or nothing."""
    session = gradebook.db
    try:
        with session.no_autoflush:
            yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


class Books:
    """A course's gradebook and its folder of graded notebooks, for one assignment."""

    def __init__(self, gradebook: Gradebook, course, assignment: str, config: Config) -> None:
        self.gradebook, self.course, self.assignment = gradebook, course, assignment
        self.penalties = AssignLatePenalties(config=config)
        self.penalties.init_plugin()
        self.tables = Tables(gradebook, assignment)

    def record(
        self, submission: Submission, graded: Graded, files: dict[str, bytes]
    ) -> tuple[dict[str, str], Scores]:
        """Write one grade: first the notebooks, then the gradebook; return what was written: hashes, and scores.

        Whoever is killed in between has written nothing that the next run will not write again.
        """
        written = self._place(submission.student, {**files, **_encoded(graded.notebooks)})
        with one_transaction(self.gradebook):
            rows = self.tables.begin(submission.student, submission.timestamp)
            self.tables.enter(rows, graded.marks)
            self._penalize(submission.student, rows)
        return written, rows.scores()

    def refresh(self, student: str) -> None:
        """Work a late penalty out again: a due date or an extension may have changed since."""
        rows = self.tables.find(student)
        if rows is not None:
            with one_transaction(self.gradebook):
                self._penalize(student, rows)

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
        rows = self.tables.find(student)
        return {} if rows is None else rows.scores()

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

    def _penalize(self, student: str, rows: Rows) -> None:
        late = self.tables.seconds_late(rows)
        self.tables.forgive(rows)
        if late == 0:
            return
        self.gradebook.db.expire_all()  # sums that the database works out are read again
        for notebook in self.gradebook.find_submission(self.assignment, student).notebooks:
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


def _encoded(notebooks: dict[str, str]) -> dict[str, bytes]:
    return {f"{name}.ipynb": text.encode() for name, text in notebooks.items()}
