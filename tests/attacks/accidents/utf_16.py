"""A file saved as UTF-16 by an editor."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.raw = json.dumps(paper.notebook).encode("utf-16")


ENTRY = Entry(FULL, base="right", change=change)
