"""Cells, outputs and notebooks in nbformat's newest form, made of parts that are known to be right.

nbformat's own makers hold every cell against a JSON schema, which for one submission takes longer than running it. Here
only texts, clean identities and plain data come in; that what comes out is valid is proved by a test, not each time.
"""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring

from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import nbformat as MAJOR
from nbformat.v4 import nbformat_minor as MINOR
from nbformat.v4.rwbase import _non_text_split_mimes


def code_cell(source: str, id: str, metadata: dict | None = None) -> NotebookNode:
    """Return a code cell that has not run.

    >>> code_cell("1 + 1", "sum").outputs
    []
    """
    return NotebookNode(
        cell_type="code",
        id=id,
        metadata=from_dict(metadata or {}),
        source=source,
        outputs=[],
        execution_count=None,
    )


def markdown_cell(source: str, id: str, metadata: dict | None = None) -> NotebookNode:
    """Return a Markdown cell."""
    return NotebookNode(cell_type="markdown", id=id, metadata=from_dict(metadata or {}), source=source)


def raw_cell(source: str, id: str, metadata: dict | None = None) -> NotebookNode:
    """Return a cell of plain text."""
    return NotebookNode(cell_type="raw", id=id, metadata=from_dict(metadata or {}), source=source)


MAKE = {"code": code_cell, "markdown": markdown_cell, "raw": raw_cell}


def notebook(cells: Sequence[NotebookNode] = ()) -> NotebookNode:
    """Return a notebook of these cells."""
    return NotebookNode(nbformat=MAJOR, nbformat_minor=MINOR, metadata=NotebookNode(), cells=list(cells))


def result(data: dict[str, str]) -> NotebookNode:
    """Return the value of a cell, as shown: texts by mime type."""
    return NotebookNode(
        output_type="execute_result", data=NotebookNode(data), metadata=NotebookNode(), execution_count=None
    )


def display(data: dict[str, str]) -> NotebookNode:
    """Return what a cell displays: texts by mime type."""
    return NotebookNode(output_type="display_data", data=NotebookNode(data), metadata=NotebookNode())


def error(name: str, value: str, lines: list[str]) -> NotebookNode:
    """Return an exception as a cell shows it."""
    return NotebookNode(output_type="error", ename=name, evalue=value, traceback=lines)


def written(node: NotebookNode) -> str:
    """Return a notebook as the text that nbformat would write.

    >>> written(notebook()).splitlines()[1]
    ' "cells": [],'
    """
    return _text({**node, "cells": [_in_lines(cell) for cell in node.cells]}, "\n") + "\n"


def _in_lines(cell: NotebookNode) -> dict:
    lines = {**cell, "source": cell.source.splitlines(True)}
    if cell.cell_type == "code":
        lines["outputs"] = [_output_in_lines(output) for output in cell.outputs]
    return lines


def _output_in_lines(output: NotebookNode) -> dict:
    if output.output_type == "stream":
        return {**output, "text": output.text.splitlines(True)}
    if "data" not in output:
        return output
    data = {
        kind: part.splitlines(True) if isinstance(part, str) and _has_lines(kind) else part
        for kind, part in output.data.items()
    }
    return {**output, "data": data}


def _has_lines(kind: str) -> bool:
    return kind.startswith("text/") or kind in _non_text_split_mimes


def _text(value: object, begin: str) -> str:
    """Return JSON with a line for every part and sorted names, as json with `indent=1` does, in a fraction of the time."""
    inner = f"{begin} "
    if isinstance(value, dict) and value:
        parts = [
            f"{inner}{encode_basestring(name)}: {_text(part, inner)}" for name, part in sorted(value.items())
        ]
        return "{" + ",".join(parts) + begin + "}"
    if isinstance(value, list) and value:
        return "[" + ",".join([inner + _text(part, inner) for part in value]) + begin + "]"
    return encode_basestring(value) if isinstance(value, str) else json.dumps(value)
