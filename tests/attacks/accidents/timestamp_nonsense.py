"""A timestamp file with nonsense in it."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.files["timestamp.txt"] = b"yesterday \xff evening"


ENTRY = Entry(FULL, base="right", change=change)
