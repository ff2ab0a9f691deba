"""Windows line ends, in the file and in the cells."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.raw = json.dumps(paper.notebook, indent=1).replace("\\n", "\\r\\n").replace("\n", "\r\n").encode()


ENTRY = Entry(FULL, base="right", change=change)
