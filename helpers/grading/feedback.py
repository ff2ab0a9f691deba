"""What a student, or an instructor in formgrader, sees of a graded notebook: nothing in it runs, nothing hidden shows.

Everything a student wrote or printed is shown as text; tables and pictures stay, cleaned. Our own cards stay as they
are: they are written by the judge, in cells that the repair has cleared of anything of the student's.
"""

import base64
import binascii
import re
from html import escape

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


# Tags that are not closed make a reader of HTML repeat them in every paragraph that follows: from a page of text it makes
# one of gigabytes. So what is long must be written as programs write it.
FEW, MANY, DEEPEST = 200, 20_000, 100  # tags; tags; tags that are open at once
OPEN_TAG = re.compile(r"""<(/?)([a-z][a-z0-9]*)((?:[^<>"']++|"[^<>"]*+"|'[^<>']*+')*+)>""", re.IGNORECASE)
UNPAIRED = ("br", "hr", "img")
SIGNS, MOST_SIGNS = re.compile(r"[^\w\s/+=.,;:-]|_"), 4_000  # what means something in a Markdown text


def clean(html: str) -> str:
    """Return HTML without anything that runs, loads or restyles the page; as its text where it would take too long.

    >>> clean('<b onclick="x()">bold</b><script>steal()</script>')
    '<b>bold</b>&lt;script&gt;steal()&lt;/script&gt;'
    """
    if html.count("<") > FEW and not _well_formed(html):
        return f"<pre>{escape(html)}</pre>"
    cleaned = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    # A picture may carry its own data; a link may not, for a browser would open it as a page.
    return re.sub(r'href="\s*data:[^"]*"', 'href="#"', cleaned, flags=re.IGNORECASE)


def _well_formed(html: str) -> bool:
    """Whether every tag is a known one and closed in its turn."""
    if html.count("<") > MANY:
        return False
    waiting, end = [], 0
    for tag in OPEN_TAG.finditer(html):
        closing, name = tag[1], tag[2].lower()
        if "<" in html[end : tag.start()] or name not in TAGS | {"style"} or len(waiting) > DEEPEST:
            return False
        end = tag.end()
        if name in UNPAIRED:
            continue
        if not closing:
            waiting.append(name)
        elif not waiting or waiting.pop() != name:
            return False
    return not waiting and "<" not in html[end:]


def markdown(source: str) -> str:
    """Return Markdown as clean HTML; nbconvert's own filter passes raw HTML through.

    >>> "<script" in markdown("<script>alert(1)</script>")
    False
    """
    if _laborious(source):
        return f"<pre>{escape(source)}</pre>"
    return clean(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source))


def _laborious(source: str) -> bool:
    """Whether a Markdown text has so many signs that it takes long to read: the time grows with their square."""
    return len(SIGNS.findall(source)) > MOST_SIGNS


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
            if cell.cell_type == "markdown" and _laborious(
                cell.source
            ):  # for nbconvert's own filters as well
                cell.source = f"{cell.source[:MOST_SIGNS]}\n\n(cut here)"
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
