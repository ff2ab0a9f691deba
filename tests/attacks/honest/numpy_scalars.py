"""NumPy's own numbers where Python's would do."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "limit-of-descent",
        """\

def limit_of_descent(grad, x0, alpha, n_steps, tol):
    x = np.array(x0, dtype=np.float64)
    for k in np.arange(n_steps + 1):
        if np.sqrt(np.sum(grad(x) ** 2)) < tol:
            return np.int64(k)
        x = x - alpha * grad(x)
    return np.int64(-1)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
