"""Bring a submitted notebook back into the form the instructor released, and say what was changed.

Cells that nbgrader knows are identified, deduplicated, put back in order and given their own type, points,
tags and, where they are locked, text. Everything else is the student's and stays where it is.
"""

from bisect import bisect_left
from dataclasses import dataclass

import nbformat
from nbformat.notebooknode import NotebookNode

from helpers.grading.cells import MAKE, notebook
from helpers.grading.reading import Reading
from helpers.grading.table import NotebookTable, TrustedCell

TAGS = ("skip-execution", "raises-exception", "remove-cell", "remove-input", "remove-output")


@dataclass
class Found:
    """A cell in the notebook and which cell of the assignment it is."""

    cell: NotebookNode
    trusted: TrustedCell | None = None


def repair(reading: Reading, table: NotebookTable) -> Reading:
    """Return the notebook with every known cell in place, in order and unforged, and all repairs so far."""
    log = list(reading.repairs)
    found = _identify(reading.notebook.cells, table, log)
    found = _without_duplicates(found, log)
    found = _with_missing(_in_order(found, table, log), table, log)
    cells = [_trusted(item, log) if item.trusted else _own(item.cell, log) for item in found]
    _give_unique_ids(cells)
    fixed = notebook(cells)
    if table.kernelspec:
        fixed.metadata["kernelspec"] = nbformat.from_dict(table.kernelspec)
    return Reading(fixed, log)


def _identify(cells: list[NotebookNode], table: NotebookTable, log: list[str]) -> list[Found]:
    """Match cells by grade id, then by cell id, then, for locked cells, by their text."""
    known = table.by_id
    found = [Found(cell, known.get(cell.metadata.get("nbgrader", {}).get("grade_id"))) for cell in cells]
    for item in found:
        if "nbgrader" in item.cell.metadata and item.trusted is None:
            log.append("A cell with an id that is not in this assignment was kept as an ordinary cell.")
    present = {item.trusted.grade_id for item in found if item.trusted}
    lost = {cell.grade_id: cell for cell in table.cells if cell.grade_id not in present}
    texts = {cell.source.strip(): cell for cell in lost.values() if cell.locked and cell.source.strip()}
    for item in found:
        match = item.trusted is None and (
            lost.get(item.cell.id) or texts.get(item.cell.source.strip() if lost else "")
        )
        if match and match.grade_id in lost:
            log.append(f"The cell {match.grade_id} had lost its nbgrader metadata; it was given back.")
            item.trusted = lost.pop(match.grade_id)
    return found


def _without_duplicates(found: list[Found], log: list[str]) -> list[Found]:
    """Keep one cell for every id: of locked cells any, of answers the last that was edited.

    Other edited copies stay as ordinary cells: they may be the parts of a cell that was split.
    """
    copies: dict[str, list[Found]] = {}
    for item in found:
        if item.trusted:
            copies.setdefault(item.trusted.grade_id, []).append(item)
    dropped = set()
    for grade_id, items in copies.items():
        if len(items) == 1:
            continue
        trusted = items[0].trusted
        edited = [item for item in items if item.cell.source.strip() != trusted.source.strip()]
        own = {id(item) for item in edited}
        # A locked cell that was split leaves pieces, and none of them is the student's.
        keep = (items if trusted.locked else edited or items)[-1]
        for item in items:
            if item is keep:
                continue
            if trusted.locked or id(item) not in own:
                dropped.add(id(item))
            else:
                item.trusted = None
        log.append(f"The cell {grade_id} was there {len(items)} times; {_counts(trusted)}.")
    return [item for item in found if id(item) not in dropped]


def _counts(trusted: TrustedCell) -> str:
    return "one was kept" if trusted.locked else "the last edited one is graded, and all edited ones were run"


def _in_order(found: list[Found], table: NotebookTable, log: list[str]) -> list[Found]:
    """Move as few known cells as possible so that they come in the assignment's order."""
    place = {cell.grade_id: k for k, cell in enumerate(table.cells)}
    known = [item for item in found if item.trusted]
    stay = {id(known[k]) for k in _longest_increasing([place[item.trusted.grade_id] for item in known])}
    moved = [item for item in known if id(item) not in stay]
    result = [item for item in found if item.trusted is None or id(item) in stay]
    for item in sorted(moved, key=lambda item: place[item.trusted.grade_id]):
        log.append(f"The cell {item.trusted.grade_id} had been moved; it was put back.")
        result.insert(_after_predecessor(result, item.trusted, place), item)
    return result


def _after_predecessor(found: list[Found], trusted: TrustedCell, place: dict[str, int]) -> int:
    """Return where to insert a known cell: right after the nearest known cell that precedes it."""
    before = [
        k
        for k, item in enumerate(found)
        if item.trusted and place[item.trusted.grade_id] < place[trusted.grade_id]
    ]
    return before[-1] + 1 if before else 0


def _longest_increasing(places: list[int]) -> list[int]:
    """Return the positions of a longest increasing subsequence.

    >>> _longest_increasing([0, 3, 1, 2])
    [0, 2, 3]
    """
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int | None] = []
    for k, value in enumerate(places):
        at = bisect_left(tails, value)
        previous.append(ends[at - 1] if at else None)
        tails[at : at + 1] = [value]
        ends[at : at + 1] = [k]
    chain, k = [], ends[-1] if ends else None
    while k is not None:
        chain.append(k)
        k = previous[k]
    return chain[::-1]


def _with_missing(found: list[Found], table: NotebookTable, log: list[str]) -> list[Found]:
    """Put back what is locked or graded by hand; an answer that was deleted stays away.

    Its stub would overwrite what the student may have defined in a cell of their own.
    """
    place = {cell.grade_id: k for k, cell in enumerate(table.cells)}
    present = {item.trusted.grade_id for item in found if item.trusted}
    result = list(found)
    for trusted in table.cells:
        if trusted.grade_id in present:
            continue
        if not (trusted.locked or trusted.grade or trusted.task):
            log.append(f"The cell {trusted.grade_id} is missing; what other cells define was graded.")
            continue
        log.append(f"The cell {trusted.grade_id} was missing; it was put back.")
        cell = MAKE[trusted.cell_type](trusted.source, id="put-back")
        result.insert(_after_predecessor(result, trusted, place), Found(cell, trusted))
    return result


def _trusted(item: Found, log: list[str]) -> NotebookNode:
    cell, trusted = item.cell, item.trusted
    claimed = cell.metadata.get("nbgrader", {})
    if trusted.points is not None and claimed.get("points") not in (None, trusted.points):
        log.append(f"The points of {trusted.grade_id} had been changed; they are {trusted.points:g}.")
    if cell.cell_type != trusted.cell_type:
        log.append(
            f"The cell {trusted.grade_id} had become a {cell.cell_type} cell; it is {trusted.cell_type} again."
        )
    if (
        trusted.locked
        and cell.source.rstrip() != trusted.source.rstrip()
        and not _is_public_part(cell, trusted)
    ):
        log.append(f"The text of {trusted.grade_id}, which is locked, had been changed; it was restored.")
    _note_tags(cell, log)
    source = trusted.source if trusted.locked else cell.source
    return MAKE[trusted.cell_type](source, id=cell.id, metadata={"nbgrader": trusted.metadata()})


def _is_public_part(cell: NotebookNode, trusted: TrustedCell) -> bool:
    """Whether a released cell only lacks the hidden tests of the instructor's."""
    lines = iter(trusted.source.split("\n"))
    return "HIDDEN TESTS" in trusted.source and all(
        line in lines for line in cell.source.split("\n") if line.strip()
    )


def _own(cell: NotebookNode, log: list[str]) -> NotebookNode:
    _note_tags(cell, log)
    return MAKE[cell.cell_type](cell.source, id=cell.id)


def _note_tags(cell: NotebookNode, log: list[str]) -> None:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag in TAGS]
    if tags:
        log.append(f"The tag {tags[0]} was taken off a cell.")


def _give_unique_ids(cells: list[NotebookNode]) -> None:
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        while cell.id in taken:
            cell.id = f"{cell.id[:50]}-{number}"
        taken.add(cell.id)
