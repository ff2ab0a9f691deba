"""Write a thousand points into the metadata of a test cell, with one exercise solved."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    paper.answer("gradient-step", "def gradient_step(grad, x, alpha):\n    return x - alpha * grad(x)")
    for name in POINTS:
        paper.test(name)["metadata"]["nbgrader"]["points"] = 1000


ENTRY = Entry(NOTHING | {"gradient-step": 1.0}, base="stub", change=change)
