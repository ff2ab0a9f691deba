"""The table of all exercises in `source/README.md`, written from the exercises themselves."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from helpers.errors import DownhillError
from helpers.exercises.table import Exercise

BEGIN, END = "<!-- exercises: made by `downhill exercises` -->", "<!-- end of exercises -->"


def catalogue(exercises: Iterable[Exercise]) -> str:
    """Return the exercises as Markdown: totals, then a table for each chapter, in the order they come in.

    A row holds id, signature, points, the names of the known mistakes, and the number of right answers besides the
    reference. Chapters are those of the exercises.

    >>> from helpers.exercises import EXERCISES
    >>> print(catalogue([EXERCISES["evaluate-cost"]]).splitlines()[4])
    | exercise | points | known mistakes | other right answers |
    """
    exercises = list(exercises)
    parts = [_total(exercises, "In all")]
    for chapter, those in groupby(exercises, key=lambda exercise: exercise.chapter):
        rows = list(those)
        parts += [f"### {chapter}", _rows(rows), _total(rows, "Together")]
    return "\n\n".join(parts)


def bring_up_to_date(page: Path, exercises: Iterable[Exercise]) -> bool:
    """Write the catalogue between the two markers of a page, and return whether that changed it.

    Raises `DownhillError` where the page or one of its markers is missing.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise DownhillError(f"{page} cannot be read ({error.strerror}): git has it.") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise DownhillError(f"{page} has no place for the table: it goes between\n{BEGIN}\nand\n{END}")
    new = f"{before}{BEGIN}\n\n{catalogue(exercises)}\n\n{END}{after}"
    if new != text:
        page.write_text(new, encoding="utf-8", newline="\n")
    return new != text


def _rows(exercises: list[Exercise]) -> str:
    head = ["| exercise | points | known mistakes | other right answers |", "|---|---|---|---|"]
    return "\n".join([*head, *map(_row, exercises)])


def _row(exercise: Exercise) -> str:
    names = "; ".join(exercise.misconceptions)
    cells = (
        f"**{exercise.id}** `{exercise.signature}`",
        f"{exercise.points:g}",
        f"{len(exercise.misconceptions)}: {names}",
        f"{len(exercise.alternatives)}",
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _total(exercises: list[Exercise], which: str) -> str:
    points = sum(exercise.points for exercise in exercises)
    mistakes = sum(len(exercise.misconceptions) for exercise in exercises)
    ways = sum(1 + len(each.also) for exercise in exercises for each in exercise.misconceptions.values())
    count = len(exercises)
    return (
        f"{which}: {count} exercise{'' if count == 1 else 's'}, {points:g} points, "
        f"{mistakes} known mistakes in {ways} forms."
    )
