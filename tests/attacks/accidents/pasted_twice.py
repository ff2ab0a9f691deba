"""Every cell copied and pasted, the tests and the answers."""

import copy

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.notebook["cells"] = [copy.deepcopy(c) for c in paper.notebook["cells"] for _ in range(2)]


ENTRY = Entry(FULL, base="right", change=change)
