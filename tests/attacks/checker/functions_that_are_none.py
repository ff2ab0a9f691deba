"""Name things that are no functions as answers: numbers, classes, modules, a callable that lies about itself."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    base="stub",
    change=lambda paper: [
        paper.answer("gradient-step", "gradient_step = 1.0"),
        paper.answer(
            "gradient-descent", "class gradient_descent:\n    def __init__(self, *a): self.score = 3.0"
        ),
        paper.answer("predicted-change", "import numpy as predicted_change"),
        paper.answer("critical-step", "critical_step = print"),
        paper.answer(
            "step-regime",
            "class Liar:\n    __signature__ = 5\n    def __call__(self, *a): return print\nstep_regime = Liar()",
        ),
        paper.answer("limit-of-descent", "del np"),
    ],
)
