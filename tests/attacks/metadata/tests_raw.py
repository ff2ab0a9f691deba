"""Turn the test cells into raw cells with a number as their text."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name, points in POINTS.items():
        test = paper.test(name)
        test["cell_type"], test["source"] = "raw", str(points)
        del test["outputs"], test["execution_count"]


ENTRY = Entry(NOTHING, base="stub", change=change)
