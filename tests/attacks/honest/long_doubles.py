"""Long doubles on the way, and as a result."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "predicted-change",
        """\

def predicted_change(g, H, alpha):
    g, H = np.asarray(g, np.longdouble), np.asarray(H, np.longdouble)
    return -alpha * (g @ g) + np.longdouble(alpha) ** 2 * (g @ H @ g) / 2
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
