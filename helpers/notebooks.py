"""Notebooks as git keeps them: one canonical form, and running a lesson in place.

A notebook that was opened, run and saved must differ from the committed one only where its author changed
it. So cell ids are words that stay, metadata is a short whitelist, and the JSON is written in one way.
`tests/test_notebook_rules.py` holds every committed notebook to `helpers.notebook_rules`.
"""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.errors import DownhillError

COURSE, SOURCE, RELEASE = KINDS = ("course", "source", "release")
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
CELL_METADATA = {COURSE: ("tags",), SOURCE: ("nbgrader", "tags")}
# nbgrader locks the cells a student must not change; JupyterLab honours these two.
CELL_METADATA[RELEASE] = (*CELL_METADATA[SOURCE], "deletable", "editable")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ID_LENGTH = 64  # nbformat 4.5 allows no longer cell id

SETUP_ID = "setup"
SETUP = """\
from importlib.util import find_spec

if find_spec("helpers") is None:
    raise ImportError(
        "This kernel does not have the course: start JupyterLab with `make lab`, "
        "or choose the kernel of the environment you made for the course (Kernel > Change Kernel)."
    )"""
"""The first code cell of every notebook: the one thing it says to a kernel without the package."""


def read(path: Path) -> NotebookNode:
    """Return the notebook in a file as it stands there, without repairing anything.

    Raises `DownhillError` where the file holds no notebook of format 4.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DownhillError(f"{path} is not a notebook ({error}): restore it with `git checkout`.") from error
    if not isinstance(content, dict) or content.get("nbformat") != 4 or "cells" not in content:
        raise DownhillError(f"{path} is not a notebook of format 4: open it in JupyterLab and save it again.")
    return nbformat.v4.to_notebook(content)


def written(notebook: NotebookNode) -> str:
    """Return the text of a notebook as nbformat writes it, with a newline at the end."""
    return nbformat.v4.writes(notebook) + "\n"


def write(notebook: NotebookNode, path: Path) -> bool:
    """Write a notebook as a whole or not at all, and return whether the file changed."""
    text = written(notebook)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)
    return True


def normalise(notebook: NotebookNode, kind: str) -> NotebookNode:
    """Return the canonical form of a notebook: format 4.5, named cells, the metadata that means something.

    In "source" and "release" outputs go. In "course" they stay, without widget views (their ids are random)
    and with the cells that ran numbered 1, 2, ...: nbval compares nothing in a cell without a number.

    >>> cell = nbformat.v4.new_code_cell("alpha = 0.1", id="step", metadata={"scrolled": True})
    >>> tidy = normalise(nbformat.v4.new_notebook(cells=[cell]), "source")
    >>> tidy.cells[0].metadata, tidy.metadata.kernelspec.name
    ({}, 'python3')
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    taken = {cell.get("id", "") for cell in notebook.cells}
    cells, ran = [], 0
    for cell in notebook.cells:
        tidy = NotebookNode(
            cell_type=cell.cell_type,
            id=cell["id"] if is_named(cell.get("id", "")) else _new_name(cell, taken),
            metadata={key: cell.metadata[key] for key in CELL_METADATA[kind] if key in cell.metadata},
            source=cell.source.rstrip("\n"),
        )
        if cell.get("attachments"):
            tidy.attachments = cell.attachments
        if cell.cell_type == "code":
            number = None
            if kind == COURSE and cell.execution_count is not None:
                number = ran = ran + 1
            tidy.execution_count = number
            tidy.outputs = list(_outputs(cell.outputs, number)) if kind == COURSE else []
        cells.append(tidy)
    return nbformat.from_dict(
        {"cells": cells, "metadata": {"kernelspec": KERNELSPEC}, "nbformat": 4, "nbformat_minor": 5}
    )


def _outputs(outputs: Iterable[NotebookNode], number: int | None) -> Iterable[NotebookNode]:
    previous = None
    for output in outputs:
        kind = output.output_type
        if kind == "stream":
            # How a stream is cut into messages is a matter of timing.
            if previous and previous.output_type == "stream" and previous.name == output.name:
                previous.text += output.text
                continue
            tidy = NotebookNode(output_type=kind, name=output.name, text=output.text)
        elif kind == "error":
            # The frames name files of one machine; nbval compares the name and the message.
            message = f"{output.ename}: {output.evalue}"
            tidy = NotebookNode(
                output_type=kind, ename=output.ename, evalue=output.evalue, traceback=[message]
            )
        else:
            data = {mime: value for mime, value in output.data.items() if mime != WIDGET_VIEW}
            if not data:
                continue
            if "image/png" in data:
                data["image/png"] = data["image/png"].replace("\n", "")
            # What stays about a mime type is the size an image is shown at.
            metadata = {mime: about for mime, about in output.metadata.items() if mime in data}
            tidy = NotebookNode(output_type=kind, data=data, metadata=metadata)
            if kind == "execute_result":
                tidy.execution_count = number
        yield tidy
        previous = tidy


def is_named(cell_id: str) -> bool:
    """Return whether a cell id is made of words, as in "two-over-L", and not of random digits.

    >>> is_named("two-over-L"), is_named("8cf1f4a2"), is_named("0f3c9d1e-7a54-4c1b-9a70-5d2f3c0b8e11")
    (True, False, False)
    """
    words = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", cell_id)
    random = re.match(r"(?=[a-f]*[0-9])[0-9a-f]{8}(-|$)", cell_id)  # as nbformat and JupyterLab draw them
    return bool(words) and not random and len(cell_id) <= ID_LENGTH


def _new_name(cell: NotebookNode, taken: set[str]) -> str:
    """Return a name for a cell that has none, from its first words; the author may choose a better one."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*", cell.source)[:5] or [cell.cell_type]
    name = "-".join(words).lower()[: ID_LENGTH - 4].rstrip("-")
    if not is_named(name):
        name = f"cell-{name}"
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name}-{count}"
    taken.add(free)
    return free


def execute(path: Path, timeout: float = 600) -> bool:
    """Run a lesson from top to bottom in its own folder and write it back; return whether it changed.

    Raises `DownhillError` with the cell and the error where a cell fails or takes longer than `timeout`
    seconds; the file is then as it was.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = normalise(read(path), SOURCE)  # nothing of an earlier run may stay
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name=KERNELSPEC["name"],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
    )
    running = []
    client.on_cell_start = lambda cell, cell_index: running.append(cell.id)
    try:
        client.execute()
    except CellExecutionError as error:
        raise DownhillError(
            f"{path.name}, cell {running[-1]!r}: {error.ename}: {error.evalue} (the file is unchanged)."
        ) from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise DownhillError(
            f"{path.name}, cell {running[-1]!r}: the cell did not come to its end (the file is unchanged)."
        ) from error
    return write(normalise(notebook, COURSE), path)
