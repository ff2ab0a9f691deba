"""A class that walks, and a function around it."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-descent",
        """\

class Walker:
    def __init__(self, grad, x0, alpha):
        self.grad, self.x, self.alpha = grad, np.asarray(x0, dtype=float), alpha

    def __iter__(self):
        while True:
            yield self.x
            self.x = self.x - self.alpha * self.grad(self.x)

def gradient_descent(grad, x0, alpha, n_steps):
    return np.stack([x for x, _ in zip(Walker(grad, x0, alpha), range(n_steps + 1))])
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
