"""Uses threads rightly."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "predicted-change",
        """\

from concurrent.futures import ThreadPoolExecutor
def predicted_change(g, H, alpha):
    with ThreadPoolExecutor(2) as pool:
        slope, bend = pool.map(lambda f: f(), (lambda: g @ g, lambda: g @ H @ g))
    return -alpha * slope + alpha**2 * bend / 2
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
