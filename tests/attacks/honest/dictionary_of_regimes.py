"""A table instead of a chain of conditions."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "step-regime",
        """\

def step_regime(alpha, curvature):
    limits = [(1 / (10 * curvature), "crawls"), (1 / curvature, "monotone"), (2 / curvature, "oscillates")]
    exact = {1 / curvature: "one-step", 2 / curvature: "cycles"}
    if alpha in exact:
        return exact[alpha]
    return next((name for limit, name in limits if alpha < limit), "diverges")
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
