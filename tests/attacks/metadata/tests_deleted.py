"""Delete all test cells."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.notebook["cells"] = [c for c in paper.notebook["cells"] if not c["metadata"]["nbgrader"]["grade"]]


ENTRY = Entry(NOTHING, base="stub", change=change)
