"""What is wrong with a notebook that is about to be committed, each problem with its place."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from helpers.notebooks import COURSE, KINDS, SETUP, SETUP_ID, SOURCE, is_named, normalise, read, written

MADE_BY = {"course": "make course", "source": "make release", "release": "make release"}
SHOWN = {"text/plain", "text/html", "text/latex", "text/markdown", "image/png"}
FILLER = ("in this notebook", "let's", "let us", "simply", "as you can see", "obviously", "needless to say")

SOLUTION = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)")
MACHINE = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|Users|work|opt|usr|private|mnt)/\w+|[A-Z]:\\Users|site-packages"
)
INDEX = re.compile(r"--(?:extra-)?index-url|\bpy(?:pi|thonhosted)\.org|\bconda\.anaconda\.org")
COLOUR = re.compile(r"\x1b\[")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<file>[^)\s]*)[^)]*\)|(?P<tag><img\b[^>]*>)")
TAG_ALT = re.compile(r"""\balt=(["'])\s*\S.*?\1""", re.DOTALL)
TAG_FILE = re.compile(r"""\bsrc=["']([^"']*)["']""")
# What is no prose: fenced code, inline code, formulas, comments, the targets of links, the mark of an image.
NO_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|<!--.*?-->|\]\([^)]*\)|!(?=\[)", re.DOTALL)


def problems_of(path: Path, kind: str | None = None) -> list[str]:
    """Return everything that is wrong with a notebook, one sentence each; an empty list means it is fine.

    `kind` is "course", "source" or "release"; by default it is the folder of that name the file lies in.
    Raises `DownhillError` where the file holds no notebook.
    """
    kind = kind or next(part for part in reversed(path.parts[:-1]) if part in KINDS)
    notebook = read(path)
    found = [*_of_the_file(path, notebook, kind), *_of_the_first_code_cell(notebook)]
    for place, cell in enumerate(notebook.cells):
        where = f"cell {place} ({cell.get('id', 'without an id')})"
        found += [f"{where} {problem}" for problem in _of_a_cell(cell, kind, path.parent)]
    return [f"{path.parent.name}/{path.name}: {problem}" for problem in found]


def _of_the_file(path: Path, notebook: NotebookNode, kind: str) -> Iterator[str]:
    if "jupytext" in notebook.metadata:
        yield "it is paired by jupytext, which can carry solutions into release/; remove the pairing"
    ids = Counter(cell.get("id") for cell in notebook.cells)
    yield from (f"the cell id {name!r} is used {count} times" for name, count in ids.items() if count > 1)
    is_now, should_be = path.read_bytes().decode(), written(normalise(notebook, kind))
    if is_now != should_be:
        pairs = zip(is_now.split("\n"), should_be.split("\n"), strict=False)
        line = next((number for number, (now, then) in enumerate(pairs, 1) if now != then), "the last")
        yield f"it is not in canonical form from line {line} on; run `{MADE_BY[kind]}`"


def _of_the_first_code_cell(notebook: NotebookNode) -> Iterator[str]:
    first = next((cell for cell in notebook.cells if cell.cell_type == "code"), None)
    if first is None or first.get("id") != SETUP_ID or first.source != SETUP:
        yield f"its first code cell is not {SETUP_ID!r} with the text of helpers.notebooks.SETUP"


def _of_a_cell(cell: NotebookNode, kind: str, folder: Path) -> Iterator[str]:
    if not is_named(cell.get("id", "")):
        yield "has an id that is not made of words; name it after what it does"
    if kind != SOURCE and SOLUTION.search(cell.source):
        yield "shows a solution or a hidden test, which belong in source/ only"
    if cell.get("attachments"):
        yield "carries an attachment; put the image in a file beside the notebook"
    yield from _of_a_text("", cell.source)
    if cell.cell_type == "markdown":
        yield from _of_prose(cell.source)
        yield from _of_images(cell.source, folder)
    if cell.cell_type == "code" and kind == COURSE:
        yield from _of_a_run(cell)


def _of_a_text(what: str, text: str) -> Iterator[str]:
    for pattern, problem in ((MACHINE, "names a path of one machine"), (INDEX, "names a package index")):
        if match := pattern.search(text):
            yield f"{what}{problem}: {match.group()}"


def _of_prose(source: str) -> Iterator[str]:
    prose = NO_PROSE.sub(" ", source)
    if "!" in prose:
        yield "has an exclamation mark in its prose"
    spoken = prose.lower().replace("\u2019", "'")
    yield from (f'says "{phrase}"' for phrase in FILLER if re.search(rf"\b{phrase}\b", spoken))


def _of_images(source: str, folder: Path) -> Iterator[str]:
    for image in IMAGE.finditer(source):
        tag = image["tag"] or ""
        named = TAG_FILE.search(tag)
        file = image["file"] or (named[1] if named else "")
        if not (TAG_ALT.search(tag) or (image["alt"] or "").strip()):
            yield f"has an image without alternative text: {file}"
        if "://" in file:
            yield f"shows an image from the network: {file}"
        elif not (folder / file).is_file():
            yield f"shows an image that is not there: {file}"


def _of_a_run(cell: NotebookNode) -> Iterator[str]:
    if cell.source and cell.execution_count is None:
        yield "was never run; run `make course`"
    for output in cell.outputs:
        if output.output_type == "stream":
            shown = {"text/plain": output.text}
            if output.name == "stderr":
                yield f"writes to stderr: {output.text.strip()[:80]}"
        elif output.output_type == "error":
            shown = {"text/plain": output.evalue}
            if "raises-exception" not in cell.metadata.get("tags", []):
                yield f"ends in an error: {output.ename}: {output.evalue[:80]}"
        else:
            shown = output.data
            if unknown := sorted(set(shown) - SHOWN):
                yield f"has an output of a kind nobody sees on GitHub: {', '.join(unknown)}"
            if "text/plain" not in shown:
                yield "has an output without a text alternative"
        for mime, text in shown.items():
            if mime in SHOWN - {"image/png"}:
                yield from _of_an_output(text)


def _of_an_output(text: str) -> Iterator[str]:
    yield from _of_a_text("prints what ", text)
    if COLOUR.search(text):
        yield "prints terminal colours"
    if match := ADDRESS.search(text):
        yield f"prints a memory address, another one each time: {match.group()}"
