"""Catch every refusal and ask again, in case somebody gives in."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
def capstone(oracle, x0, budget):
    def stubborn(x):
        for _ in range(5):
            try:
                return oracle(x)
            except RuntimeError:
                continue
        return np.zeros(len(x0))
    return walk(stubborn, x0, budget)
""",
)
