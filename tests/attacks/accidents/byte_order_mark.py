"""A file saved with a byte order mark."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.raw = b"\xef\xbb\xbf" + json.dumps(paper.notebook).encode()


ENTRY = Entry(FULL, base="right", change=change)
