"""A picture with the notebook's name."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.raw = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


ENTRY = Entry(NOTHING, change=change, attention=True)
