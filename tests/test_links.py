"""Every link to a file leads to one: in lessons, assignments and the pages around them."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("course", "source", "release", "autograded")
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md")),
        *(path for folder in FOLDERS[:3] for path in (ROOT / folder).rglob("[!.]*.ipynb")),
    ]
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def links(path):
    """Return the targets of a page's links, those to other hosts left out."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        text = path.read_text(encoding="utf-8")
    return [target for target in LINK.findall(text) if "://" not in target]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page):
    assert [target for target in links(page) if not (page.parent / target).exists()] == []


def test_links_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[one](a.md), [two](b/c.ipynb#part), ![three](d.png), [host](https://example.org)")
    assert links(page) == ["a.md", "b/c.ipynb", "d.png"]
