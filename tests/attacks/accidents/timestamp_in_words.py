"""A timestamp file that is text and says no date."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.files["timestamp.txt"] = b"yesterday evening"


ENTRY = Entry(FULL, base="right", change=change)
