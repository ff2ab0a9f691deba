"""Accumulate and assignment expressions."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

from itertools import accumulate
def gradient_descent(grad, x0, alpha, n_steps):
    start = np.asarray(x0, dtype=float)
    return np.array(list(accumulate(range(n_steps), lambda x, _: x - alpha * grad(x), initial=start)))
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
