"""A timestamp that makes the reader of dates fail in a way of its own: a number with more digits than it counts."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.files["timestamp.txt"] = b"99999999999999999999123456785h"


ENTRY = Entry(FULL, base="right", change=change)
