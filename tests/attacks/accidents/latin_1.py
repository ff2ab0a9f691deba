"""A file saved in the encoding of an old editor, with an umlaut in a comment."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.append("# @")
    paper.raw = json.dumps(paper.notebook).replace("# @", "# für").encode("latin-1")


ENTRY = Entry(FULL, base="right", change=change)
