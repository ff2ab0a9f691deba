"""Import the chapter's own method under the name that is asked for."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    redirected=("gradient-descent",),
    change=lambda paper: paper.answer("gradient-descent", "from helpers.descent import gradient_descent"),
)
