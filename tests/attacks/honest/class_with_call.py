"""An object with __call__ in place of a function."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

class Step:
    def __call__(self, grad, x, alpha):
        return x - alpha * grad(x)

gradient_step = Step()
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
