"""A character that JSON allows and no file can hold."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.append("mark = 'here'")
    paper.raw = json.dumps(paper.notebook).replace("'here'", "'\\ud800'").encode()


ENTRY = Entry(FULL, base="right", change=change)
