"""An empty file."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.raw = b""


ENTRY = Entry(NOTHING, change=change, attention=True)
