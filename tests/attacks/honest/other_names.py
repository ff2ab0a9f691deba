"""Other names for the arguments."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

def gradient_step(slope, here, rate):
    return here - rate * slope(here)
""",
    )
    paper.answer(
        "predicted-change",
        """\

def predicted_change(gradient, hessian, eta):
    return -eta * gradient.dot(gradient) + eta**2 / 2 * gradient.dot(hessian).dot(gradient)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
