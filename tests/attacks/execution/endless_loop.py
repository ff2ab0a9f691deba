"""A loop without an end, in the function that is judged."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL | {"gradient-step": 0.0},
    base="right",
    change=lambda paper: paper.answer(
        "gradient-step",
        "def gradient_step(grad, x, alpha):\n    while True:\n        x = x - alpha * grad(x)",
    ),
)
