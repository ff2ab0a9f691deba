"""A right notebook whose test cells were deleted."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.notebook["cells"] = [c for c in paper.notebook["cells"] if not c["metadata"]["nbgrader"]["grade"]]


ENTRY = Entry(FULL, base="right", change=change)
