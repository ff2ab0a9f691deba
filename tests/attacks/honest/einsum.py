"""Einstein sums."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "predicted-change",
        """\

def predicted_change(g, H, alpha):
    return -alpha * np.einsum("i,i", g, g) + alpha**2 / 2 * np.einsum("i,ij,j", g, H, g)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
