"""The rows of one submission in nbgrader's gradebook: what was there is read at once, what is new written at once.

nbgrader's own methods ask the database about every cell and commit after each; for a class that takes longer than judging.
These are its tables, filled with its columns.
"""

import datetime
from dataclasses import dataclass, field, replace

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import bindparam, insert, select, update

from helpers.errors import DownhillError
from helpers.grading.marks import Marks

Scores = dict[str, dict[str, float | None]]
STUDENTS, ASSIGNMENTS, SUBMISSIONS, NOTEBOOKS, GRADES, COMMENTS = (
    kind.__table__ for kind in (Student, Assignment, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)


@dataclass
class Rows:
    """One submission as the gradebook holds it.

    `grades` and `comments` are the columns of their rows, by the names of notebook and cell.
    """

    id: str
    notebooks: dict[str, str]  # their ids, by name
    timestamp: datetime.datetime | None
    extension: datetime.timedelta | None = None
    grades: dict[tuple[str, str], dict] = field(default_factory=dict)
    comments: dict[tuple[str, str], dict] = field(default_factory=dict)

    def scores(self) -> Scores:
        """Return the automatic scores, by notebook and cell."""
        scores: Scores = {name: {} for name in self.notebooks}
        for (notebook, cell), grade in self.grades.items():
            scores[notebook][cell] = grade["auto_score"]
        return scores


class Tables:
    """All submissions of one assignment."""

    def __init__(self, gradebook: Gradebook, assignment: str) -> None:
        self.db, found = gradebook.db, gradebook.find_assignment(assignment)
        self.assignment = found.id
        self.notebooks = {notebook.id: notebook.name for notebook in found.notebooks}
        self.graded, self.commented, self.named = [], [], {}  # ids of cells, and their names
        for notebook in found.notebooks:
            graded = [*notebook.grade_cells, *notebook.task_cells]
            commented = [*notebook.solution_cells, *notebook.task_cells]
            self.named |= {cell.id: (notebook.name, cell.name) for cell in (*graded, *commented)}
            self.graded += [cell.id for cell in graded]
            self.commented += [cell.id for cell in commented]

    def find(self, student: str) -> Rows | None:
        """Return the rows of a student's submission, or None where there is none."""
        mine = (SUBMISSIONS.c.assignment_id == self.assignment) & (SUBMISSIONS.c.student_id == student)
        found = self.db.execute(select(SUBMISSIONS).where(mine)).one_or_none()
        if found is None:
            return None
        notebooks = self.db.execute(
            select(NOTEBOOKS.c.id, NOTEBOOKS.c.notebook_id).where(NOTEBOOKS.c.assignment_id == found.id)
        )
        ids = {self.notebooks[of]: one for one, of in notebooks if of in self.notebooks}
        grades, comments = (
            {
                self.named[row.cell_id]: row._asdict()
                for row in self.db.execute(
                    select(table).join(NOTEBOOKS).where(NOTEBOOKS.c.assignment_id == found.id)
                )
                if row.cell_id in self.named
            }
            for table in (GRADES, COMMENTS)
        )
        return Rows(found.id, ids, found.timestamp, found.extension, grades, comments)

    def begin(self, student: str, timestamp: datetime.datetime | None) -> Rows:
        """Return the rows of a student's submission, new ones where there are none, handed in at this time, in UTC."""
        rows = self.find(student)
        if rows is None:
            rows = self._new(student)
        self.db.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == rows.id).values(timestamp=timestamp))
        lacking = {of: new_uuid() for of, name in self.notebooks.items() if name not in rows.notebooks}
        if lacking:
            new = [{"id": one, "assignment_id": rows.id, "notebook_id": of} for of, one in lacking.items()]
            self.db.execute(insert(NOTEBOOKS), new)
            rows.notebooks |= {self.notebooks[of]: one for of, one in lacking.items()}
        return replace(rows, timestamp=timestamp)

    def _new(self, student: str) -> Rows:
        if self.db.execute(select(STUDENTS.c.id).where(STUDENTS.c.id == student)).first() is None:
            self.db.execute(insert(STUDENTS).values(id=student))
        rows = Rows(new_uuid(), {}, None)
        new = {"id": rows.id, "assignment_id": self.assignment, "student_id": student}
        self.db.execute(insert(SUBMISSIONS).values(new))
        return rows

    def enter(self, rows: Rows, marks: dict[str, Marks]) -> None:
        """Write scores and comments by notebook; one without marks is worth nothing, as it was not handed in.

        What a grader has written there stays. Raises `DownhillError` for marks of cells that the gradebook lacks.
        """
        unknown = {(name, cell) for name, mark in marks.items() for cell in mark.scores}
        unknown -= {self.named[cell] for cell in self.graded}
        if unknown:
            raise DownhillError(
                f"The gradebook does not know {'/'.join(min(unknown))} any more: run the same command again."
            )
        self._enter(GRADES, rows, rows.grades, {cell: self._grade(rows, marks, cell) for cell in self.graded})
        comments = {cell: self._comment(rows, marks, cell) for cell in self.commented}
        self._enter(COMMENTS, rows, rows.comments, comments)

    def _grade(self, rows: Rows, marks: dict[str, Marks], cell: str) -> dict:
        """Return what a grade's row is to hold; a score by hand stays, and somebody should look at it again."""
        notebook, name = self.named[cell]
        score = marks[notebook].scores.get(name) if notebook in marks else 0.0
        by_hand = rows.grades.get((notebook, name), {}).get("manual_score") is not None
        return {"auto_score": score, "needs_manual_grade": by_hand or score is None}

    def _comment(self, rows: Rows, marks: dict[str, Marks], cell: str) -> dict:
        """Return what a comment's row is to hold: what it held, where no notebook was handed in."""
        notebook, name = self.named[cell]
        if notebook in marks:
            return {"auto_comment": marks[notebook].comments.get(name)}
        return {"auto_comment": rows.comments.get((notebook, name), {}).get("auto_comment")}

    def _enter(self, table, rows: Rows, known: dict, wanted: dict[str, dict]) -> None:
        """Insert the rows that are not there, and update those in which something changes."""
        new, changed = [], []
        for cell, values in wanted.items():
            name = self.named[cell]
            row = known.get(name)
            if row is None:
                row = {"id": new_uuid(), "cell_id": cell, "notebook_id": rows.notebooks[name[0]], **values}
                new.append(row)
            elif any(row[column] != value for column, value in values.items()):
                changed.append(
                    {"row": row["id"], **{f"new_{column}": value for column, value in values.items()}}
                )
            known[name] = {**row, **values}
        if new:
            self.db.execute(insert(table), new)
        if changed:
            columns = {name[4:]: bindparam(name) for name in changed[0] if name != "row"}
            statement = update(table).where(table.c.id == bindparam("row")).values(columns)
            self.db.connection().execute(statement, changed)

    def seconds_late(self, rows: Rows) -> float:
        """Return how late a submission came: after the due date and any extension; 0 where there is none."""
        due = self.db.execute(
            select(ASSIGNMENTS.c.duedate).where(ASSIGNMENTS.c.id == self.assignment)
        ).scalar_one()
        if due is None or rows.timestamp is None:
            return 0.0
        return max(0.0, (rows.timestamp - due - (rows.extension or datetime.timedelta())).total_seconds())

    def forgive(self, rows: Rows) -> None:
        """Take every late penalty back."""
        there = (NOTEBOOKS.c.assignment_id == rows.id) & NOTEBOOKS.c.late_submission_penalty.is_not(None)
        self.db.execute(update(NOTEBOOKS).where(there).values(late_submission_penalty=None))
