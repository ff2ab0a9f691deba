"""Exchange the ids of a cheap test that passes and a dear one that does not."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.answer("gradient-step", "def gradient_step(grad, x, alpha):\n    return x - alpha * grad(x)")
    cheap, dear = (paper.test(name) for name in ("gradient-step", "gradient-descent"))
    marks = cheap["metadata"]["nbgrader"], dear["metadata"]["nbgrader"]
    dear["metadata"]["nbgrader"], cheap["metadata"]["nbgrader"] = marks


ENTRY = Entry(NOTHING | {"gradient-step": 1.0}, base="stub", change=change)
