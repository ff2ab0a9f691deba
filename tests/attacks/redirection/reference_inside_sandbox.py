"""Find the reference through sys.modules, where the warm process left it."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    redirected=("step-regime",),
    change=lambda paper: paper.answer(
        "step-regime",
        "import sys, helpers.exercises\n"
        "step_regime = sys.modules['helpers.exercises'].EXERCISES['step-regime'].reference",
    ),
)
