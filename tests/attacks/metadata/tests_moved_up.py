"""Move the test cells in front of everything, where a stub cannot fail them yet."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.notebook["cells"].sort(key=lambda cell: not cell["metadata"]["nbgrader"]["grade"])


ENTRY = Entry(NOTHING, base="stub", change=change)
