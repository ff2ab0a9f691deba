"""One wrong sign; everything else is right."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL | {"gradient-step": 0.0},
    base="right",
    change=lambda paper: paper.answer(
        "gradient-step", "def gradient_step(grad, x, alpha):\n    return x + alpha * grad(x)"
    ),
)
