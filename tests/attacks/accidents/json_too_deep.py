"""JSON nested a hundred thousand deep."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.raw = b"[" * 100_000 + b"]" * 100_000


ENTRY = Entry(NOTHING, change=change, attention=True)
