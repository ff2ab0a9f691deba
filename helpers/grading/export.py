"""Export grades as CSV that a spreadsheet opens as text and numbers, never as formulas, whatever a name says."""

import csv
from typing import ClassVar

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> object:
    """Return what to write for a value: a text that a spreadsheet would run gets an apostrophe in front.

    >>> cell("=HYPERLINK(1)"), cell(-1.5), cell(None)
    ("'=HYPERLINK(1)", -1.5, '')
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


class SafeCsvExportPlugin(ExportPlugin):
    """nbgrader's CSV export, the same columns, quoted and free of formulas."""

    columns: ClassVar[tuple[str, ...]] = (
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write one line for every student and assignment."""
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.columns)
            for assignment in gradebook.assignments:
                for student in gradebook.students:
                    if self._wanted(assignment.name, student.id):
                        writer.writerow(map(cell, self._row(gradebook, assignment, student)))

    def _wanted(self, assignment: str, student: str) -> bool:
        return (not self.assignment or assignment in map(str, self.assignment)) and (
            not self.student or student in map(str, self.student)
        )

    def _row(self, gradebook: Gradebook, assignment, student) -> tuple:
        person = (student.id, student.last_name, student.first_name, student.email)
        try:
            found = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return (assignment.name, assignment.duedate, None, *person, 0.0, 0.0, 0.0, assignment.max_score)
        penalty = found.late_submission_penalty
        points = (found.score, penalty, max(0.0, found.score - penalty), assignment.max_score)
        return (assignment.name, assignment.duedate, found.timestamp, *person, *points)
