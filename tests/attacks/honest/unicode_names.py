"""Greek letters as names."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

def gradient_step(grad, x, α):
    Δ = α * grad(x)
    return x - Δ
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
