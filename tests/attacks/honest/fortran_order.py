"""Results in Fortran's order of memory."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

def gradient_descent(grad, x0, alpha, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), order="F")
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] - alpha * grad(path[k])
    return path
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
