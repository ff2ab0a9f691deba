"""Call the course's own answer: right, and reported."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    "from helpers.applications import capstone as theirs\n"
    "def capstone(oracle, x0, budget):\n    return theirs.capstone(oracle, x0, budget)",
    redirected=True,
)
