"""The steps of `nbgrader autograde` that come before a notebook is run: read anything, repair it, say so."""

import os
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.grading import cells
from helpers.grading.parcel import read_plain
from helpers.grading.provisioner import SandboxProvisioner
from helpers.grading.reading import MOST_BYTES, Reading, Unreadable, read
from helpers.grading.repair import repair
from helpers.grading.sandbox import missing
from helpers.grading.submissions import linked
from helpers.grading.table import NotebookTable, from_gradebook

NOTE = "downhill-note"


class AnyNotebookExporter(NotebookExporter):
    """Read a submitted notebook whatever it is; one that is none becomes an empty one with the reason in it."""

    def __init__(self, config=None, **options: object) -> None:
        super().__init__(config=config, **options)
        # Before the first submission is touched: half a class graded is worse than none.
        if not SandboxProvisioner(config=self.config).unsafe_no_sandbox and missing():
            self.log.error(missing())
            raise NbGraderException(missing())

    def from_filename(self, filename: str, resources: dict | None = None, **options: object):
        """Convert the notebook of this name, submitted or not; what nbgrader itself has written is taken as it is."""
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **options)
        path, name = os.path.split(filename)
        resources = {**(resources or {}), "metadata": {"name": os.path.splitext(name)[0], "path": path}}
        return self.from_notebook_node(handed_in(Path(filename)), resources, **options)


def submitted(content: bytes) -> NotebookNode:
    """Return the notebook in these bytes with what was odd about it in its metadata; never raises."""
    try:
        reading = read(content)
        facts = {"repairs": reading.repairs}
    except Unreadable as reason:
        reading = Reading(cells.notebook())
        facts = {"repairs": [str(reason)], "unreadable": str(reason)}
    reading.notebook.metadata["downhill"] = nbformat.from_dict(facts)
    return reading.notebook


def handed_in(path: Path) -> NotebookNode:
    """Return the notebook at this path, or an empty one with the reason; a link is never followed."""
    if not os.path.lexists(path):
        return unreadable("The notebook was not handed in.")
    try:
        content = None if linked(path.parent) else read_plain(path, MOST_BYTES + 1)
    except OSError:  # a link: it may lead to the solution, or to a device that never ends
        content = None
    if content is not None:
        return submitted(content)
    return unreadable("The notebook is a link, a device, or far too large.")


def unreadable(reason: str) -> NotebookNode:
    """Return a notebook that stands for one that cannot be read."""
    notebook = cells.notebook()
    notebook.metadata["downhill"] = nbformat.from_dict({"repairs": [reason], "unreadable": reason})
    return notebook


def restored(notebook: NotebookNode, table: NotebookTable) -> NotebookNode:
    """Return a notebook that `submitted` has read, repaired after the table, with a note on top of all repairs."""
    facts = notebook.metadata["downhill"]
    reading = repair(Reading(notebook, list(facts["repairs"])), table)
    if "unreadable" in facts:  # then every cell was "missing", which tells nobody anything
        reading.repairs = list(facts["repairs"])
    fixed = reading.notebook
    fixed.metadata["downhill"] = nbformat.from_dict({**facts, "repairs": reading.repairs})
    if reading.repairs:
        lines = [
            "**Before grading, this notebook was repaired:**",
            "",
            *(f"- {line}" for line in reading.repairs),
        ]
        fixed.cells.insert(0, cells.markdown_cell("\n".join(lines), NOTE))
    return fixed


class Repair(NbGraderPreprocessor):
    """Bring a submitted notebook back into the form in which it was released, from the gradebook's copy."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the repaired notebook; every repair is logged."""
        table = course_table(self.parent.parent.coursedir, resources)
        fixed = restored(nb, table)
        for line in fixed.metadata.downhill.repairs:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], line)
        return fixed, resources


def course_table(course, resources: dict) -> NotebookTable:
    """Return the table of the notebook that nbgrader is at, from the gradebook."""
    names = resources["nbgrader"]
    source = Path(course.format_path(course.source_directory, ".", names["assignment"]))
    with Gradebook(names["db_url"], course.course_id) as gradebook:
        return from_gradebook(gradebook, names["assignment"], source)[names["notebook"]]
