"""A folder without the notebook, but with another one."""

import json

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.missing = True
    paper.files["Untitled1.ipynb"] = json.dumps(paper.notebook).encode()


ENTRY = Entry(NOTHING, base="right", change=change, attention=True)
