"""A division by zero that NumPy warns about, handled rightly afterwards."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "critical-step",
        """\

def critical_step(g, H):
    ratio = np.divide(2 * (g @ g), np.float64(g @ H @ g))
    return ratio if g @ H @ g > 0 else np.inf
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
