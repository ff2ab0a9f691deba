"""Hand in test cells with outputs of full marks, in an unrunnable notebook."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name, points in POINTS.items():
        paper.test(name)["outputs"] = [
            {
                "output_type": "execute_result",
                "data": {"text/plain": str(points)},
                "metadata": {},
                "execution_count": 1,
            }
        ]
        paper.test(name)["metadata"]["downhill"] = {"points": points, "maximum": points}


ENTRY = Entry(NOTHING, base="stub", change=change)
