"""An earlier wrong version in the same cell, replaced by the right one."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

def gradient_step(grad, x, alpha):
    return x + alpha * grad(x)

def gradient_step(grad, x, alpha):  # now right
    return x - alpha * grad(x)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
