"""Slow: computes its sums in plain Python, and waits a little."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "predicted-change",
        """\

import time
def predicted_change(g, H, alpha):
    time.sleep(0.02)
    slope = sum(float(a) * float(a) for a in g)
    bend = sum(float(g[i]) * float(H[i, j]) * float(g[j]) for i in range(len(g)) for j in range(len(g)))
    return -alpha * slope + 0.5 * alpha**2 * bend
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
