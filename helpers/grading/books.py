"""The one writer: grades into nbgrader's gradebook, one transaction per submission, and notebooks into autograded/.

It uses nbgrader's own steps, so late penalties, manual grades, comments and extra credit are treated as ever.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from traitlets.config import Config

from helpers.grading.job import Graded
from helpers.grading.submissions import Submission, hash_of

READ_ONLY = 0o444


@contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Let nbgrader's own methods, each of which commits, take part in one transaction: all of it or nothing."""
    session = gradebook.db
    commit = session.commit

    def flush() -> None:
        session.flush()
        session.expire_all()  # as a commit does: sums that the database works out are read again

    session.commit = flush
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
        self.saver.gradebook, self.saver.assignment_id = gradebook, assignment

    def record(self, submission: Submission, graded: Graded, files: dict[str, bytes]) -> dict[str, str]:
        """Write one grade: first the notebooks, then the gradebook; return the hashes of what was written.

        Whoever is killed in between has written nothing that the next run will not write again.
        """
        written = self._place(submission.student, {**files, **_encoded(graded.notebooks)})
        with one_transaction(self.gradebook):
            self.gradebook.update_or_create_student(submission.student)
            self.gradebook.update_or_create_submission(
                self.assignment, submission.student, timestamp=submission.timestamp
            )
            for name, text in graded.notebooks.items():
                self._save(submission.student, name, nbformat.reads(text, as_version=4))
            for name in graded.missing:
                self._zero(submission.student, name)
            self._penalize(submission.student)
        return written

    def refresh(self, student: str) -> None:
        """Work a late penalty out again: a due date or an extension may have changed since."""
        with one_transaction(self.gradebook):
            self._penalize(student)

    def stands(self, entry: dict) -> bool:
        """Whether gradebook and autograded/ still hold what an audit line says that they do."""
        if self.scores(entry["student"]) != entry["scores"]:
            return False
        folder = self._folder(entry["student"])
        return all(
            (folder / name).is_file() and hash_of((folder / name).read_bytes()) == said
            for name, said in entry["files"].items()
        )

    def scores(self, student: str) -> dict[str, dict[str, float | None]]:
        """Return the automatic scores in the gradebook, by notebook and cell; none if there is no submission."""
        try:
            found = self.gradebook.find_submission(self.assignment, student)
        except MissingEntry:
            return {}
        return {
            notebook.name: {grade.name: grade.auto_score for grade in notebook.grades}
            for notebook in found.notebooks
        }

    def total(self, student: str) -> tuple[float, float]:
        """Return a student's points, after penalties, and the points to be had."""
        found = self.gradebook.find_submission(self.assignment, student)
        return max(0.0, found.score - found.late_submission_penalty), found.max_score

    def _save(self, student: str, name: str, notebook) -> None:
        self.saver.student_id, self.saver.notebook_id = student, name
        for index, cell in enumerate(notebook.cells):
            self.saver.preprocess_cell(cell, {}, index)

    def _zero(self, student: str, name: str) -> None:
        found = self.gradebook.find_submission_notebook(name, self.assignment, student)
        for grade in found.grades:
            grade.auto_score, grade.needs_manual_grade = 0, grade.manual_score is not None
        self.gradebook.db.commit()

    def _penalize(self, student: str) -> None:
        found = self.gradebook.find_submission(self.assignment, student)
        for notebook in found.notebooks:
            penalty = None
            if found.total_seconds_late > 0:
                penalty = self.penalties.plugin_inst.late_submission_penalty(
                    student, notebook.score, found.total_seconds_late
                )
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
