"""Tag every test cell so that it is not run: stock nbgrader gives full marks to a test without output."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    for cell in paper.notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]


ENTRY = Entry(NOTHING, base="stub", change=change)
