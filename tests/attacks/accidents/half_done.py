"""The first three exercises only."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    for name in ("critical-step", "step-regime", "limit-of-descent"):
        paper.answer(name, f"def {name.replace('-', '_')}(*inputs):\n    raise NotImplementedError")


ENTRY = Entry(
    FULL | {"critical-step": 0.0, "step-regime": 0.0, "limit-of-descent": 0.0}, base="right", change=change
)
