"""Give a solved exercise's id to the tests of the others."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    paper.answer("gradient-step", "def gradient_step(grad, x, alpha):\n    return x - alpha * grad(x)")
    for name in POINTS:
        paper.test(name)["metadata"]["nbgrader"]["grade_id"] = "gradient-step"


ENTRY = Entry(NOTHING | {"gradient-step": 1.0}, base="stub", change=change)
