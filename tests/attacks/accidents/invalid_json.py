"""A file that was cut while it was copied."""

import json

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.raw = json.dumps(paper.notebook).encode()[:500]


ENTRY = Entry(NOTHING, base="right", change=change, attention=True)
