"""The function defined in a cell of one's own, and the answer cell only names it."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

gradient_step = my_step
""",
    )


ENTRY = Entry(
    FULL,
    base="right",
    change=change,
    cell="""
def my_step(grad, x, alpha):
    return x - alpha * grad(x)
""",
)
