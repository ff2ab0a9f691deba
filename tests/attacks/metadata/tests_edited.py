"""Replace the text of each test by a number."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name, points in POINTS.items():
        paper.test(name)["source"] = str(points)


ENTRY = Entry(NOTHING, base="stub", change=change)
