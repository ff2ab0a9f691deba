"""A cache of one's own, across calls."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "critical-step",
        """\

cache = {}
def critical_step(g, H):
    key = g.tobytes(), H.tobytes(), g.shape
    if key not in cache:
        bend = g @ H @ g
        cache[key] = 2 * (g @ g) / bend if bend > 0 else np.inf
    return cache[key]
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
