"""Import the course's method by a name that is put together while running."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    redirected=("gradient-descent",),
    change=lambda paper: paper.answer(
        "gradient-descent",
        "def gradient_descent(grad, x0, alpha, n_steps):\n"
        "    module = __import__('hel' + 'pers.des' + 'cent', fromlist=['x'])\n"
        "    return getattr(module, 'gradient' + '_descent')(grad, x0, alpha, n_steps)",
    ),
)
