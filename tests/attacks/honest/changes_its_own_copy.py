"""Works in place, on a copy."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

def gradient_step(grad, x, alpha):
    x = np.array(x, dtype=float)
    x -= alpha * grad(x)
    return x
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
