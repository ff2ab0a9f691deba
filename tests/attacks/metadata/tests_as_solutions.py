"""Mark the test cells as cells to be graded by hand, so that no run decides."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name in POINTS:
        paper.test(name)["metadata"]["nbgrader"] |= {"solution": True, "locked": False, "points": 1000}


ENTRY = Entry(NOTHING, base="stub", change=change)
