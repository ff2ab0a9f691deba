"""The cells of an assignment as the instructor made them: the only ones that grading believes.

A `NotebookTable` is plain data read from the gradebook (and, for the order of the cells, from source/). It is
all that a grading process needs to know of the course: it travels to workers, and none of it is a solution.
"""

import ast
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode


@dataclass(frozen=True)
class TrustedCell:
    """One cell that nbgrader knows: what it says, what it is for, and its points if it is graded."""

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def is_test(self) -> bool:
        """Whether the cell's points come from running it."""
        return self.grade and not self.solution and self.cell_type == "code"

    def metadata(self) -> dict:
        """Return nbgrader's metadata for this cell, in the newest schema."""
        metadata = {
            "grade": self.grade,
            "grade_id": self.grade_id,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
            "cell_type": self.cell_type,
        }
        if self.points is not None:
            metadata["points"] = self.points
        if self.checksum:
            metadata["checksum"] = self.checksum
        return metadata


@dataclass(frozen=True)
class NotebookTable:
    """The cells of one notebook that nbgrader knows, in the order of the assignment."""

    name: str
    kernelspec: dict | None
    cells: tuple[TrustedCell, ...]

    @property
    def by_id(self) -> dict[str, TrustedCell]:
        """The cells by their grade id."""
        return {cell.grade_id: cell for cell in self.cells}

    @property
    def tests(self) -> tuple[TrustedCell, ...]:
        """The cells whose points come from running them."""
        return tuple(cell for cell in self.cells if cell.is_test)

    def as_json(self) -> dict:
        """Return the table as plain JSON that `from_json` reads back."""
        return {"name": self.name, "kernelspec": self.kernelspec, "cells": [asdict(c) for c in self.cells]}

    @staticmethod
    def from_json(data: dict) -> "NotebookTable":
        """Return the table that `as_json` wrote."""
        cells = tuple(TrustedCell(**cell) for cell in data["cells"])
        return NotebookTable(data["name"], data["kernelspec"], cells)


@dataclass(frozen=True)
class Question:
    """What a test cell of ours asks: an exercise by id, a function by name, and statements to run before."""

    exercise: str
    function: str
    before: str


def question(cell: TrustedCell) -> Question | None:
    """Return what a test cell asks the judge, or None for a test that the instructor wrote by hand.

    It is ours if its last line is `check("exercise", function)`.

    >>> cell = TrustedCell("t", "code", 'check("gradient-step", gradient_step)', None, True, True, False, False, 1)
    >>> question(cell)
    Question(exercise='gradient-step', function='gradient_step', before='')
    """
    if not cell.is_test:
        return None
    try:
        statements = ast.parse(cell.source).body
    except SyntaxError:  # a magic: a hand-written test
        return None
    call = statements[-1].value if statements and isinstance(statements[-1], ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check"):
        return None
    match call.args, call.keywords:
        case [ast.Constant(value=str(exercise)), ast.Name(id=function)], []:
            return Question(exercise, function, _before(statements[:-1]))
    return None


def _before(statements: list[ast.stmt]) -> str:
    """Return what precedes the check as source; importing `check` itself needs no kernel."""
    needed = [
        line
        for line in statements
        if not (isinstance(line, ast.ImportFrom) and line.module == "helpers.check")
    ]
    return "\n".join(map(ast.unparse, needed))


def from_gradebook(gradebook, assignment: str, source: Path | None) -> dict[str, NotebookTable]:
    """Return the tables of an assignment's notebooks, by name.

    `source` is the folder of the instructor's notebooks: they say in which order the cells come. Raises
    nbgrader's MissingEntry if the gradebook does not know the assignment.
    """
    return {
        notebook.name: NotebookTable(
            notebook.name,
            json.loads(notebook.kernelspec) if notebook.kernelspec else None,
            tuple(_in_order(_cells(notebook), source / f"{notebook.name}.ipynb" if source else None)),
        )
        for notebook in gradebook.find_assignment(assignment).notebooks
    }


def _cells(notebook) -> list[TrustedCell]:
    graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return [
        TrustedCell(
            cell.name,
            cell.cell_type,
            cell.source or "",
            cell.checksum,
            bool(cell.locked),
            cell.name in graded,
            cell.name in solutions,
            cell.name in tasks,
            graded.get(cell.name, tasks.get(cell.name)),
        )
        for cell in notebook.source_cells
    ]


def _in_order(cells: Iterable[TrustedCell], path: Path | None) -> list[TrustedCell]:
    places = {}
    if path is not None and path.is_file():
        places = {grade_id: place for place, grade_id in enumerate(grade_ids(json.loads(path.read_bytes())))}
    return sorted(cells, key=lambda cell: places.get(cell.grade_id, len(places)))


def grade_ids(notebook: dict | NotebookNode) -> list[str]:
    """Return the grade ids in a notebook, in its order."""
    found = (cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") for cell in notebook["cells"])
    return [grade_id for grade_id in found if grade_id]
