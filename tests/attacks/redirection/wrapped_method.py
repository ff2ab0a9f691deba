"""Call the course's method from within a function of one's own, by way of a helper."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    redirected=("gradient-descent",),
    change=lambda paper: paper.answer(
        "gradient-descent",
        "import helpers.descent as mine\n"
        "def walk(*inputs):\n    return mine.gradient_descent(*inputs)\n"
        "def gradient_descent(grad, x0, alpha, n_steps):\n    return walk(grad, x0, alpha, n_steps)",
    ),
)
