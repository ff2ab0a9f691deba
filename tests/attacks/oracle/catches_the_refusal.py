"""Go on asking until the oracle refuses, catch that, and return the point."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
def capstone(oracle, x0, budget):
    x = np.array(x0, dtype=float)
    try:
        walk(oracle, x0, budget)
    except BaseException as refusal:
        seen.append(type(refusal).__name__)
    return adam(lambda x: x - x0, x0, budget)
""",
    before="seen = []",
    after='print("refused:", set(seen))',
    shown="refused: {'BudgetSpent'}",
)
