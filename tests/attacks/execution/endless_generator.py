"""Return a generator that never ends."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL | {"gradient-descent": 0.0},
    base="right",
    change=lambda paper: paper.answer(
        "gradient-descent",
        "def gradient_descent(grad, x0, alpha, n_steps):\n    while True:\n        yield x0\n        x0 = x0 - alpha * grad(x0)",
    ),
)
