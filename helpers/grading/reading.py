"""Read a notebook that anybody may have written, with anything: bytes in, clean cells out, and what was odd."""

import json
import re
from dataclasses import dataclass, field

import nbformat
from nbformat.notebooknode import NotebookNode

from helpers.grading.cells import MAKE, notebook
from helpers.grading.frames import too_many_parts

MOST_BYTES = 64 * 2**20
MOST_PARTS = 4_000_000  # lists, mappings and what is in them: three bytes of a file become seventy in memory
MOST_CELLS = 2_000
MOST_SOURCE = 2**20  # characters of one cell
CELL_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class Unreadable(ValueError):
    """A submitted file that is no notebook at all; the text is a sentence for the student."""


@dataclass
class Reading:
    """A notebook of clean cells, without outputs, and what had to be repaired to read it."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """Return the notebook in these bytes; raises `Unreadable`, with the reason, where there is none.

    >>> read(b"{}")
    Traceback (most recent call last):
    helpers.grading.reading.Unreadable: The file is not a notebook: it has no list of cells.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(
            f"The file is larger than {MOST_BYTES // 2**20} MiB: clear its outputs and hand it in again."
        )
    if not content.strip():
        raise Unreadable("The file is empty.")
    repairs: list[str] = []
    text = _decode(content, repairs)
    if too_many_parts(text.encode(), MOST_PARTS):
        raise Unreadable("The file has too many parts: clear its outputs and hand it in again.")
    data = _parse(text)
    if not isinstance(data, dict):
        raise Unreadable("The file is not a notebook: it holds a single value.")
    data = _version_four(data, repairs)
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("The file is not a notebook: it has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has more than {MOST_CELLS} cells.")
    return Reading(notebook(_clean(cells, repairs)), repairs)


def _decode(content: bytes, repairs: list[str]) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            repairs.append(f"The file began with a byte order mark and was read as {encoding}.")
            break
    else:
        encoding = "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        repairs.append("The file was not UTF-8: characters that could not be read were replaced.")
        return content.decode(encoding, "replace")


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable("The file is not a notebook: it is nested too deeply.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The file is not a notebook: it is not valid JSON{where}.") from None


def _version_four(data: dict, repairs: list[str]) -> dict:
    version = data.get("nbformat")
    if version in (2, 3) or (version is None and "worksheets" in data):
        repairs.append(f"The notebook was in the old format {version or 3} and was converted to format 4.")
        sheets = data.get("worksheets")
        sheets = [sheet for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
        return {"cells": [_from_version_three(cell) for sheet in sheets for cell in sheet.get("cells") or []]}
    return data


def _from_version_three(cell: object) -> object:
    if not isinstance(cell, dict):
        return cell
    if cell.get("cell_type") == "heading":
        source = _joined(cell.get("source"))
        level = cell.get("level") if cell.get("level") in range(1, 7) else 1
        return {**cell, "cell_type": "markdown", "source": "#" * level + " " + source}
    if cell.get("cell_type") == "code":
        return {**cell, "source": cell.get("input", cell.get("source"))}
    return cell


def _clean(cells: list, repairs: list[str]) -> list[NotebookNode]:
    clean, taken, ends = [], set(), False
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            repairs.append(f"Cell {number} is not a cell and was left out.")
            continue
        kind = cell.get("cell_type")
        if kind not in MAKE:
            repairs.append(f"Cell {number} is of an unknown kind and was kept as plain text.")
            kind = "raw"
        source = _joined(cell.get("source"))
        if len(source) > MOST_SOURCE:
            repairs.append(f"Cell {number} has more than {MOST_SOURCE} characters and was cut.")
            source = source[:MOST_SOURCE]
        ends = ends or "\r" in source
        node = MAKE[kind](_unix(source), metadata=_metadata(cell), id=_identity(cell, number, taken))
        clean.append(node)
    if ends:
        repairs.append("Windows line ends were replaced.")
    return clean


def _joined(source: object) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    # A lone surrogate is valid JSON and cannot be written to any file.
    return source.encode("utf-8", "replace").decode()


def _unix(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _metadata(cell: dict) -> NotebookNode:
    """Return as much of the cell's metadata as says which cell it claims to be, and its tags."""
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    claimed, tags = metadata.get("nbgrader"), metadata.get("tags")
    kept = {}
    if isinstance(claimed, dict) and isinstance(claimed.get("grade_id"), str):
        kept["nbgrader"] = {"grade_id": claimed["grade_id"], "points": claimed.get("points")}
    if isinstance(tags, list):
        kept["tags"] = [tag for tag in tags if isinstance(tag, str)]
    return nbformat.from_dict(kept)


def _identity(cell: dict, number: int, taken: set[str]) -> str:
    identity = cell.get("id")
    if not (isinstance(identity, str) and CELL_ID.fullmatch(identity)) or identity in taken:
        identity = f"cell-{number}"
    while identity in taken:
        identity += "-again"
    taken.add(identity)
    return identity
