"""Hand in a notebook whose metadata says that it has been graded already."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    verdicts = {name: {"points": points, "maximum": points} for name, points in POINTS.items()}
    paper.notebook["metadata"]["downhill"] = {"verdicts": verdicts, "repairs": [], "unreadable": ""}
    for name, points in POINTS.items():
        paper.test(name)["metadata"]["downhill"] = {"points": points, "maximum": points}


ENTRY = Entry(NOTHING, base="stub", change=change)
