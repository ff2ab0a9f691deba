"""What a student, or an instructor in formgrader, sees of a graded notebook: nothing in it runs, nothing hidden shows.

Everything a student wrote or printed is shown as text; tables and pictures stay, cleaned. Our own cards stay as they
are: they are written by the judge, in cells that the repair has cleared of anything of the student's.
"""

import base64
import binascii
import re

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading.judging import hidden_card

TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": ["href", "title", "class"],
    "img": ["src", "alt", "width", "height"],
    "*": ["class", "colspan", "rowspan", "scope", "align"],
}
PROTOCOLS = frozenset(("http", "https", "mailto", "data"))
PICTURES = ("image/png", "image/jpeg")
HIDDEN = re.compile(
    r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME)[^\n]*$.*?(^[^\n]*END \1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL
)


def clean(html: str) -> str:
    """Return HTML without anything that runs, loads or restyles the page.

    >>> clean('<b onclick="x()">bold</b><script>steal()</script>')
    '<b>bold</b>&lt;script&gt;steal()&lt;/script&gt;'
    """
    cleaned = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    # A picture may carry its own data; a link may not, for a browser would open it as a page.
    return re.sub(r'href="\s*data:[^"]*"', 'href="#"', cleaned, flags=re.IGNORECASE)


def markdown(source: str) -> str:
    """Return Markdown as clean HTML; nbconvert's own filter passes raw HTML through.

    >>> "<script" in markdown("<script>alert(1)</script>")
    False
    """
    return clean(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source))


class SafeContents(NbGraderPreprocessor):
    """Make a graded notebook safe to look at in a browser."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with clean outputs and without raw cells, which a browser would be given as they are."""
        nb.cells = [
            new_markdown_cell(cell.source, id=cell.id, metadata=cell.metadata)
            if cell.cell_type == "raw"
            else cell
            for cell in nb.cells
        ]
        for cell in nb.cells:
            cell.pop("attachments", None)
            if cell.cell_type == "code":
                ours = cell.outputs[:1] if "downhill" in cell.metadata else []
                shown = [_safe(output) for output in cell.outputs[len(ours) :]]
                cell.outputs = ours + [output for output in shown if output is not None]
        return nb, resources


class HideTests(NbGraderPreprocessor):
    """Take hidden tests and marking schemes out of feedback, and everything that a hidden test gave away."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook without its hidden parts."""
        for cell in nb.cells:
            shown = HIDDEN.sub("# (hidden)" if cell.cell_type == "code" else "", cell.source)
            if shown == cell.source:
                continue
            cell.source = shown
            if cell.cell_type == "code":
                cell.outputs = hidden_card(cell.metadata.get("downhill"))
        return nb, resources


def _safe(output: NotebookNode) -> NotebookNode | None:
    """Return an output with what is harmless of it; None where nothing is."""
    if output.output_type in ("stream", "error"):
        return output
    output.metadata = NotebookNode()
    data = output.get("data", {})
    safe = NotebookNode({kind: data[kind] for kind in PICTURES if kind in data and _is_base64(data[kind])})
    if isinstance(data.get("text/html"), str):
        safe["text/html"] = clean(data["text/html"])
    if isinstance(data.get("text/plain"), str):
        safe["text/plain"] = data["text/plain"]
    output["data"] = safe
    return output if safe else None


def _is_base64(content: object) -> bool:
    if not isinstance(content, str):
        return False
    try:
        base64.b64decode("".join(content.split()), validate=True)
    except (ValueError, binascii.Error):
        return False
    return True
