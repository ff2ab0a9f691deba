"""A match statement."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "step-regime",
        """\

def step_regime(alpha, curvature):
    match alpha:
        case _ if alpha < 1 / (10 * curvature): return "crawls"
        case _ if alpha < 1 / curvature: return "monotone"
        case _ if alpha == 1 / curvature: return "one-step"
        case _ if alpha < 2 / curvature: return "oscillates"
        case _ if alpha == 2 / curvature: return "cycles"
        case _: return "diverges"
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
