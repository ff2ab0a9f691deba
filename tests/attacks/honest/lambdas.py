"""Lambdas instead of functions."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\
gradient_step = lambda grad, x, alpha: x - alpha * grad(x)
""",
    )
    paper.answer(
        "critical-step",
        """\
critical_step = lambda g, H: 2 * g @ g / (g @ H @ g) if g @ H @ g > 0 else float('inf')
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
