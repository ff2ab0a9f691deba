"""Split a test cell: the half with the points does nothing."""

import copy

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    test = paper.test("gradient-step")
    second = copy.deepcopy(test)
    test["source"], second["source"], second["id"] = "1", "", "second-half"
    paper.notebook["cells"].insert(paper.notebook["cells"].index(test) + 1, second)


ENTRY = Entry(NOTHING, base="stub", change=change)
