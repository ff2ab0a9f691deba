"""Uses one's own answers to earlier exercises."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

def gradient_descent(grad, x0, alpha, n_steps):
    path = [np.asarray(x0, dtype=float)]
    for _ in range(n_steps):
        path.append(gradient_step(grad, path[-1], alpha))
    return np.array(path)
""",
    )
    paper.answer(
        "limit-of-descent",
        """\

def limit_of_descent(grad, x0, alpha, n_steps, tol):
    lengths = [np.linalg.norm(grad(x)) for x in gradient_descent(grad, x0, alpha, n_steps)]
    return next((k for k, length in enumerate(lengths) if length < tol), -1)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
