"""What nbgrader's own step would enter into a gradebook for one graded notebook, worked out where there is none."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades
from traitlets.config import Config


@dataclass(frozen=True)
class Marks:
    """Automatic scores and comments by cell; None where there is none, and a grader decides."""

    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)


class _Page:
    """As much of a gradebook as `SaveAutoGrades` uses: it finds grades and comments, sets them, and commits."""

    def __init__(self) -> None:
        self.db, self.grades, self.comments = self, {}, {}

    def find_grade(self, cell: str, *whose: str) -> SimpleNamespace:
        return self.grades.setdefault(cell, SimpleNamespace(auto_score=None, manual_score=None))

    def find_comment(self, cell: str, *whose: str) -> SimpleNamespace:
        return self.comments.setdefault(cell, SimpleNamespace(auto_comment=None))

    def commit(self) -> None:
        """Leave that to whoever writes."""


def marks_of(notebook: NotebookNode, config: Config) -> Marks:
    """Return the scores and comments that nbgrader reads from a notebook with outputs."""
    saver, page = SaveAutoGrades(config=config), _Page()
    saver.gradebook, saver.notebook_id, saver.assignment_id, saver.student_id = page, "", "", ""
    for index, cell in enumerate(notebook.cells):
        saver.preprocess_cell(cell, {}, index)
    return Marks(
        {cell: grade.auto_score for cell, grade in page.grades.items()},
        {cell: comment.auto_comment for cell, comment in page.comments.items()},
    )
