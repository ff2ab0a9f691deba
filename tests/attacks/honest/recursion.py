"""Recursion instead of a loop."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

def gradient_descent(grad, x0, alpha, n_steps):
    x0 = np.asarray(x0, dtype=float)
    if n_steps == 0:
        return x0[None]
    return np.vstack([x0, gradient_descent(grad, x0 - alpha * grad(x0), alpha, n_steps - 1)])
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
