"""An editor that threw away all metadata of the cells."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    for cell in paper.notebook["cells"]:
        cell["metadata"] = {}


ENTRY = Entry(FULL, base="right", change=change)
