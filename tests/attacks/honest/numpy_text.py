"""A regime as NumPy's own kind of text."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "step-regime",
        """\

def step_regime(alpha, curvature):
    kappa = curvature
    conditions = [alpha < 1 / (10 * kappa), alpha < 1 / kappa, alpha == 1 / kappa, alpha < 2 / kappa, alpha == 2 / kappa]
    return np.select(conditions, ["crawls", "monotone", "one-step", "oscillates", "cycles"], "diverges")[()]
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
