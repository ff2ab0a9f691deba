"""A helper function of one's own."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

def one(grad, x, alpha):
    return x - alpha * grad(x)

def gradient_descent(grad, x0, alpha, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        path.append(one(grad, path[-1], alpha))
    return np.array(path)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
