"""A list of arrays instead of one array."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

def gradient_descent(grad, x0, alpha, n_steps):
    path = [np.array(x0, float)]
    while len(path) <= n_steps:
        path.append(path[-1] - alpha * grad(path[-1]))
    return path
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
