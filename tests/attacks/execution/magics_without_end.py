"""Hundreds of magics in one cell: whoever reads the notebook outside must not be stopped by them."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell='print("here")',
    change=lambda paper: paper.append(
        "x = 1\n" * 50 + "!true\n" * 2_000 + "def gradient_step(*_): return 0.0"
    ),
    shown="here",
    attention=None,
)
